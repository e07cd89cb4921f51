using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;

namespace KvStore.Wire.Formats;

/// <summary>The bytes of gossip and of the ring log. Kinds are numbered and never reused.</summary>
internal static class GossipFields
{
    private const int MinDigest = NodeId.Size + 2;
    private const int MinHeartbeat = NodeId.Size + 7;

    public static void Gossip(this WireWriter writer, GossipMessage message)
    {
        switch (message)
        {
            case GossipMessage.Offer offer:
                writer.Byte(1);
                writer.Cluster(offer.Cluster);
                writer.List(offer.Digests, static (target, digest) =>
                {
                    target.Node(digest.Node);
                    target.Number(digest.Start);
                    target.Number(digest.Count);
                });
                break;
            case GossipMessage.Exchange exchange:
                writer.Byte(2);
                writer.Cluster(exchange.Cluster);
                writer.List(exchange.Newer, static (target, beat) => target.Heartbeat(beat));
                writer.List(exchange.Wanted, static (target, node) => target.Node(node));
                break;
            case GossipMessage.Rest rest:
                writer.Byte(3);
                writer.Cluster(rest.Cluster);
                writer.List(rest.Newer, static (target, beat) => target.Heartbeat(beat));
                break;
        }
    }

    public static GossipMessage Gossip(this ref WireReader reader) => reader.Choice(3, first: 1) switch
    {
        1 => new GossipMessage.Offer(reader.Cluster(), reader.List(Ring.MaxMembers, MinDigest, static (ref WireReader source) =>
            new HeartbeatDigest(source.Node(), (uint)source.Number(uint.MaxValue), source.Number()))),
        2 => new GossipMessage.Exchange(
            reader.Cluster(),
            reader.List(Ring.MaxMembers, MinHeartbeat, static (ref WireReader source) => source.Heartbeat()),
            reader.List(Ring.MaxMembers, NodeId.Size, static (ref WireReader source) => source.Node())),
        _ => new GossipMessage.Rest(
            reader.Cluster(), reader.List(Ring.MaxMembers, MinHeartbeat, static (ref WireReader source) => source.Heartbeat())),
    };

    public static void RingLog(this WireWriter writer, RingLogMessage message)
    {
        switch (message)
        {
            case RingLogMessage.Prepare prepare:
                writer.Byte(1);
                writer.Cluster(prepare.Cluster);
                writer.Epoch(prepare.Slot);
                writer.Ballot(prepare.Ballot);
                break;
            case RingLogMessage.Accept accept:
                writer.Byte(2);
                writer.Cluster(accept.Cluster);
                writer.Ballot(accept.Ballot);
                writer.Ring(accept.Ring);
                break;
            case RingLogMessage.Answer answer:
                writer.Byte(3);
                writer.Cluster(answer.Cluster);
                writer.Epoch(answer.Slot);
                writer.Reply(answer.Reply);
                break;
            case RingLogMessage.Learned learned:
                writer.Byte(4);
                writer.Ring(learned.Ring);
                break;
            case RingLogMessage.Behind behind:
                writer.Byte(5);
                writer.Cluster(behind.Cluster);
                writer.Epoch(behind.Current);
                break;
            case RingLogMessage.OtherCluster other:
                writer.Byte(6);
                writer.Cluster(other.Cluster);
                break;
        }
    }

    public static RingLogMessage RingLog(this ref WireReader reader) => reader.Choice(6, first: 1) switch
    {
        1 => new RingLogMessage.Prepare(reader.Cluster(), reader.Epoch(), reader.Ballot()),
        2 => new RingLogMessage.Accept(reader.Cluster(), reader.Ballot(), reader.Ring()),
        3 => new RingLogMessage.Answer(reader.Cluster(), reader.Epoch(), reader.RingReply()),
        4 => new RingLogMessage.Learned(reader.Ring()),
        5 => new RingLogMessage.Behind(reader.Cluster(), reader.Epoch()),
        _ => new RingLogMessage.OtherCluster(reader.Cluster()),
    };

    private static void Heartbeat(this WireWriter writer, Heartbeat beat)
    {
        writer.Node(beat.Node);
        writer.Number(beat.Start);
        writer.Number(beat.Count);
        writer.Text(beat.Address);
        writer.Epoch(beat.Epoch);
        writer.Byte(beat.Load);
        writer.List(beat.Suspects, static (target, node) => target.Node(node));
    }

    private static Heartbeat Heartbeat(this ref WireReader reader) => new(
        reader.Node(), (uint)reader.Number(uint.MaxValue), reader.Number(), reader.Text(), reader.Epoch(), reader.Byte(),
        reader.List(Core.Membership.Heartbeat.MaxSuspects, NodeId.Size, static (ref WireReader source) => source.Node()));
}
