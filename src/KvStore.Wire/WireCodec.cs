using System.Globalization;
using KvStore.Core.Coordination;
using KvStore.Core.Membership;

namespace KvStore.Wire;

/// <summary>
/// The closed list of messages and their bytes. A message's number is its manifest: given once, never to another message.
/// <para>Any thread: each encodes with a writer of its own.</para>
/// </summary>
public static class WireCodec
{
    [ThreadStatic]
    private static WireWriter? _writer;

    /// <summary>The manifest of a message: its number in decimal.</summary>
    public static string ManifestOf(IWireMessage message) => Numbers[NumberOf(message)];

    private static readonly string[] Numbers = [.. Enumerable.Range(0, 64).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public static byte[] Encode(IWireMessage message)
    {
        var writer = _writer ??= new WireWriter();
        writer.Clear();
        switch (message)
        {
            case ReplicaProtocol.StoreReplica store: Write(writer, store); break;
            case ReplicaProtocol.ReadReplica read: Write(writer, read); break;
            case ReplicaProtocol.ReplicaStored stored: Write(writer, stored); break;
            case ReplicaProtocol.ReplicaRead answer: Write(writer, answer); break;
            case ReplicaProtocol.ReplicaRefused refused: Write(writer, refused); break;
            case ClientProtocol.Get get: Write(writer, get); break;
            case ClientProtocol.Put put: Write(writer, put); break;
            case ClientProtocol.GetDone done: Write(writer, done); break;
            case ClientProtocol.PutDone done: Write(writer, done); break;
            case ClientProtocol.Busy busy: writer.Request(busy.Request); break;
            case GossipProtocol.Gossip gossip: Write(writer, gossip); break;
            default: throw Unknown(message.GetType().Name);
        }
        return writer.ToArray();
    }

    /// <exception cref="WireFormatException">The manifest is of no message, or the bytes are not that message.</exception>
    public static IWireMessage Decode(string manifest, ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        IWireMessage message = manifest switch
        {
            "1" => new ReplicaProtocol.StoreReplica(
                reader.Epoch(), reader.Partition(), reader.Key(), reader.State(), reader.NodeOrNone(), reader.Budget()),
            "2" => new ReplicaProtocol.ReadReplica(reader.Epoch(), reader.Partition(), reader.Key(), reader.Budget()),
            "3" => new ReplicaProtocol.ReplicaStored(reader.Node(), reader.Flag()),
            "4" => new ReplicaProtocol.ReplicaRead(reader.Node(), ReadAnswerOf(ref reader)),
            "5" => new ReplicaProtocol.ReplicaRefused(reader.Node(), (Refusal)reader.Choice((byte)Refusal.HandedOn), reader.Epoch()),
            "6" => new ClientProtocol.Get(reader.Request(), reader.Key(), reader.Budget()),
            "7" => new ClientProtocol.Put(reader.Request(), reader.Key(), reader.ValueOrNone(), reader.Budget()),
            "8" => new ClientProtocol.GetDone(
                reader.Request(), (GetResult)reader.Choice((byte)GetResult.Timeout), reader.State(), reader.Tally()),
            "9" => new ClientProtocol.PutDone(
                reader.Request(), (PutResult)reader.Choice((byte)PutResult.Unknown), (PutReason)reader.Choice((byte)PutReason.Timeout),
                (Refusal)reader.Choice((byte)Refusal.HandedOn), reader.Tally(), reader.Flag() ? reader.Dot() : null),
            "10" => new ClientProtocol.Busy(reader.Request()),
            "11" => new GossipProtocol.Gossip(reader.Node(), GossipCodec.ReadOffer(ref reader)),
            "12" => new GossipProtocol.Gossip(reader.Node(), GossipCodec.ReadExchange(ref reader)),
            "13" => new GossipProtocol.Gossip(reader.Node(), GossipCodec.ReadRest(ref reader)),
            _ => throw Unknown($"number {manifest}"),
        };
        reader.End();
        return message;
    }

    private static int NumberOf(IWireMessage message) => message switch
    {
        ReplicaProtocol.StoreReplica => 1,
        ReplicaProtocol.ReadReplica => 2,
        ReplicaProtocol.ReplicaStored => 3,
        ReplicaProtocol.ReplicaRead => 4,
        ReplicaProtocol.ReplicaRefused => 5,
        ClientProtocol.Get => 6,
        ClientProtocol.Put => 7,
        ClientProtocol.GetDone => 8,
        ClientProtocol.PutDone => 9,
        ClientProtocol.Busy => 10,
        GossipProtocol.Gossip { Message: GossipMessage.Offer } => 11,
        GossipProtocol.Gossip { Message: GossipMessage.Exchange } => 12,
        GossipProtocol.Gossip { Message: GossipMessage.Rest } => 13,
        _ => throw Unknown(message.GetType().Name),
    };

    private static void Write(WireWriter writer, ReplicaProtocol.StoreReplica message)
    {
        writer.Epoch(message.Epoch);
        writer.Partition(message.Partition);
        writer.Key(message.Key);
        writer.State(message.Set);
        writer.NodeOrNone(message.StandsFor);
        writer.Budget(message.Budget);
    }

    private static void Write(WireWriter writer, ReplicaProtocol.ReadReplica message)
    {
        writer.Epoch(message.Epoch);
        writer.Partition(message.Partition);
        writer.Key(message.Key);
        writer.Budget(message.Budget);
    }

    private static void Write(WireWriter writer, ReplicaProtocol.ReplicaStored message)
    {
        writer.Node(message.Node);
        writer.Flag(message.Durable);
    }

    private static void Write(WireWriter writer, ReplicaProtocol.ReplicaRead message)
    {
        writer.Node(message.Node);
        writer.Byte((byte)message.Answer.Kind);
        writer.Flag(message.Answer.Provisional);
        writer.State(message.Answer.Set);
    }

    private static void Write(WireWriter writer, ReplicaProtocol.ReplicaRefused message)
    {
        writer.Node(message.Node);
        writer.Byte((byte)message.Refusal);
        writer.Epoch(message.Epoch);
    }

    private static void Write(WireWriter writer, ClientProtocol.Get message)
    {
        writer.Request(message.Request);
        writer.Key(message.Key);
        writer.Budget(message.Budget);
    }

    private static void Write(WireWriter writer, ClientProtocol.Put message)
    {
        writer.Request(message.Request);
        writer.Key(message.Key);
        writer.Flag(message.Value.HasValue);
        if (message.Value is { } value) writer.Bytes(value.Span);
        writer.Budget(message.Budget);
    }

    private static void Write(WireWriter writer, ClientProtocol.GetDone message)
    {
        writer.Request(message.Request);
        writer.Byte((byte)message.Result);
        writer.State(message.State);
        writer.Tally(message.Tally);
    }

    private static void Write(WireWriter writer, ClientProtocol.PutDone message)
    {
        writer.Request(message.Request);
        writer.Byte((byte)message.Result);
        writer.Byte((byte)message.Reason);
        writer.Byte((byte)message.Refusal);
        writer.Tally(message.Tally);
        writer.Flag(message.Dot.HasValue);
        if (message.Dot is { } dot) writer.Dot(dot);
    }

    private static void Write(WireWriter writer, GossipProtocol.Gossip message)
    {
        writer.Node(message.From);
        GossipCodec.Write(writer, message.Message);
    }

    private static ReadAnswer ReadAnswerOf(ref WireReader reader)
    {
        var kind = (AnswerKind)reader.Choice((byte)AnswerKind.Unreadable);
        var provisional = reader.Flag();
        return new ReadAnswer(kind, reader.State(), provisional);
    }

    private static WireFormatException Unknown(string what) =>
        new($"{what} is in no list of messages; the peer may run another version of KvStore");
}
