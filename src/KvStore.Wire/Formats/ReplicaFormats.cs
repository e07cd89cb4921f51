using KvStore.Core.AntiEntropy;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Wire.Formats;

/// <summary>Messages between a coordinator and replicas, and among the replicas of a partition: numbers 1 to 5 and 11 to 29.</summary>
internal static class ReplicaFormats
{
    public static readonly MessageFormat[] All = [.. Data(), .. Moves(), .. Healing(), .. Retiring()];

    private static IEnumerable<MessageFormat> Data() =>
    [
        new MessageFormat<ReplicaProtocol.StoreReplica>(
            1,
            static (writer, message) =>
            {
                writer.Epoch(message.Epoch);
                writer.Partition(message.Partition);
                writer.Key(message.Key);
                writer.State(message.Set);
                writer.NodeOrNone(message.StandsFor);
                writer.Budget(message.Budget);
            },
            static (ref WireReader reader) => new(
                reader.Epoch(), reader.Partition(), reader.Key(), reader.State(), reader.NodeOrNone(), reader.Budget())),
        new MessageFormat<ReplicaProtocol.ReadReplica>(
            2,
            static (writer, message) =>
            {
                writer.Epoch(message.Epoch);
                writer.Partition(message.Partition);
                writer.Key(message.Key);
                writer.Budget(message.Budget);
            },
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition(), reader.Key(), reader.Budget())),
        new MessageFormat<ReplicaProtocol.ReplicaStored>(
            3,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Flag(message.Durable);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Flag())),
        new MessageFormat<ReplicaProtocol.ReplicaRead>(
            4,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Byte((byte)message.Answer.Kind);
                writer.Flag(message.Answer.Provisional);
                writer.State(message.Answer.Set);
            },
            static (ref WireReader reader) => new(reader.Node(), ReadAnswer(ref reader))),
        new MessageFormat<ReplicaProtocol.ReplicaRefused>(
            5,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Byte((byte)message.Refusal);
                writer.Epoch(message.Epoch);
            },
            static (ref WireReader reader) => new(
                reader.Node(), reader.Choice<Refusal>(), reader.Epoch())),
    ];

    private static IEnumerable<MessageFormat> Moves() =>
    [
        new MessageFormat<ReplicaProtocol.FenceReplica>(
            11,
            static (writer, message) => Write(writer, message.Epoch, message.Partition),
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition())),
        new MessageFormat<ReplicaProtocol.ReplicaFenced>(
            12,
            static (writer, message) => Write(writer, message.Node, message.Partition, message.Epoch),
            static (ref WireReader reader) => new(reader.Node(), reader.Partition(), reader.Epoch())),
        new MessageFormat<ReplicaProtocol.FillReplica>(
            13,
            static (writer, message) =>
            {
                Write(writer, message.Epoch, message.Partition);
                writer.List(message.Sources, static (target, node) => target.Node(node));
            },
            static (ref WireReader reader) => new(
                reader.Epoch(), reader.Partition(),
                reader.List(Quorum.MaxN, NodeId.Size, static (ref WireReader source) => source.Node()))),
        new MessageFormat<ReplicaProtocol.ReplicaFilled>(
            14,
            static (writer, message) => Write(writer, message.Node, message.Partition, message.Epoch),
            static (ref WireReader reader) => new(reader.Node(), reader.Partition(), reader.Epoch())),
        new MessageFormat<ReplicaProtocol.ReaffirmKeys>(
            15,
            static (writer, message) => Write(writer, message.Epoch, message.Partition),
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition())),
        new MessageFormat<ReplicaProtocol.KeysReaffirmed>(
            16,
            static (writer, message) => Write(writer, message.Node, message.Partition, message.Epoch),
            static (ref WireReader reader) => new(reader.Node(), reader.Partition(), reader.Epoch())),
    ];

    private static IEnumerable<MessageFormat> Healing() =>
    [
        new MessageFormat<ReplicaProtocol.ExchangeStep>(
            20,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Partition(message.Partition);
                writer.Number(message.Session);
                writer.Exchange(message.Step);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Partition(), reader.Number(), reader.Exchange())),
        new MessageFormat<ReplicaProtocol.AskReap>(
            21,
            static (writer, message) =>
            {
                Write(writer, message.Epoch, message.Partition);
                writer.List(message.Keys, static (target, entry) => target.KeyHash(entry));
            },
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition(), reader.KeyHashes())),
        new MessageFormat<ReplicaProtocol.ReapAgreed>(
            22,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Partition(message.Partition);
                writer.List(message.Keys, static (target, key) => target.Key(key));
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Partition(), reader.Keys())),
        new MessageFormat<ReplicaProtocol.CommitReap>(
            23,
            static (writer, message) =>
            {
                Write(writer, message.Epoch, message.Partition);
                writer.List(message.Keys, static (target, entry) => target.KeyHash(entry));
            },
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition(), reader.KeyHashes())),
    ];

    private static IEnumerable<MessageFormat> Retiring() =>
    [
        new MessageFormat<ReplicaProtocol.AskSeen>(
            24,
            static (writer, message) => Write(writer, message.Epoch, message.Partition),
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition())),
        new MessageFormat<ReplicaProtocol.SeenIs>(
            25,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Partition(message.Partition);
                writer.Incarnation(message.Under);
                writer.Vector(message.Seen);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Partition(), reader.Incarnation(), reader.Vector())),
        new MessageFormat<ReplicaProtocol.AdoptOrigins>(
            26,
            static (writer, message) =>
            {
                Write(writer, message.Epoch, message.Partition);
                writer.Incarnation(message.Under);
                writer.Vector(message.Origins);
            },
            static (ref WireReader reader) => new(reader.Epoch(), reader.Partition(), reader.Incarnation(), reader.Vector())),
        new MessageFormat<ReplicaProtocol.OriginsAdopted>(
            27,
            static (writer, message) =>
            {
                writer.Node(message.Node);
                writer.Partition(message.Partition);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Partition())),
    ];

    private static void Write(WireWriter writer, RingEpoch epoch, PartitionId partition)
    {
        writer.Epoch(epoch);
        writer.Partition(partition);
    }

    private static void Write(WireWriter writer, NodeId node, PartitionId partition, RingEpoch epoch)
    {
        writer.Node(node);
        writer.Partition(partition);
        writer.Epoch(epoch);
    }

    private static ReadAnswer ReadAnswer(ref WireReader reader)
    {
        var kind = reader.Choice<AnswerKind>();
        var provisional = reader.Flag();
        return new ReadAnswer(kind, reader.State(), provisional);
    }
}
