using System.Collections.Immutable;
using System.Text;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;

namespace KvStore.Wire;

/// <summary>The bytes of <see cref="GossipMessage"/>, each case under a number of its own in <see cref="WireCodec"/>.</summary>
internal static class GossipCodec
{
    public static void Write(WireWriter writer, GossipMessage message)
    {
        writer.Cluster(message.Cluster);
        switch (message)
        {
            case GossipMessage.Offer offer:
                Write(writer, offer.Digests, Write);
                break;
            case GossipMessage.Exchange exchange:
                Write(writer, exchange.Newer, Write);
                Write(writer, exchange.Wanted, static (w, node) => w.Node(node));
                break;
            case GossipMessage.Rest rest:
                Write(writer, rest.Newer, Write);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public static GossipMessage.Offer ReadOffer(ref WireReader reader) =>
        new(reader.Cluster(), ReadMany(ref reader, static (ref WireReader r) => new HeartbeatDigest(r.Node(), (uint)r.Number(uint.MaxValue), r.Number())));

    public static GossipMessage.Exchange ReadExchange(ref WireReader reader) =>
        new(reader.Cluster(), ReadMany(ref reader, ReadHeartbeat), ReadMany(ref reader, static (ref WireReader r) => r.Node()));

    public static GossipMessage.Rest ReadRest(ref WireReader reader) => new(reader.Cluster(), ReadMany(ref reader, ReadHeartbeat));

    private static void Write(WireWriter writer, HeartbeatDigest digest)
    {
        writer.Node(digest.Node);
        writer.Number(digest.Start);
        writer.Number(digest.Count);
    }

    private static void Write(WireWriter writer, Heartbeat heartbeat)
    {
        Write(writer, heartbeat.Digest);
        writer.Bytes(Encoding.UTF8.GetBytes(heartbeat.Address));
        writer.Epoch(heartbeat.Epoch);
        writer.Byte(heartbeat.Load);
        Write(writer, heartbeat.Suspects, static (w, node) => w.Node(node));
    }

    private static Heartbeat ReadHeartbeat(ref WireReader reader) => new(
        reader.Node(), (uint)reader.Number(uint.MaxValue), reader.Number(),
        Encoding.UTF8.GetString(reader.Bytes(RingMember.MaxTextLength * 4).Span), reader.Epoch(), reader.Byte(),
        ReadMany(ref reader, static (ref WireReader r) => r.Node(), Heartbeat.MaxSuspects));

    private static void Write<T>(WireWriter writer, ImmutableArray<T> items, Action<WireWriter, T> write)
    {
        writer.Number((ulong)items.Length);
        foreach (var item in items) write(writer, item);
    }

    private delegate T Reader<out T>(ref WireReader reader);

    private static ImmutableArray<T> ReadMany<T>(ref WireReader reader, Reader<T> read, int max = Ring.MaxMembers)
    {
        var count = (int)reader.Number((ulong)max);
        // Grows as items are read: a count alone reserves nothing.
        var items = ImmutableArray.CreateBuilder<T>();
        for (var i = 0; i < count; i++) items.Add(read(ref reader));
        return items.ToImmutable();
    }
}
