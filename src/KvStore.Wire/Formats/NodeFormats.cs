using KvStore.Core.Membership;
using KvStore.Core.Placement;

namespace KvStore.Wire.Formats;

/// <summary>Messages of nodes as nodes: numbers 60 to 79.</summary>
internal static class NodeFormats
{
    public static readonly MessageFormat[] All = [.. Greetings(), .. Ring(), .. Transfers()];

    private static IEnumerable<MessageFormat> Greetings() =>
    [
        new MessageFormat<NodeProtocol.Hello>(
            60,
            static (writer, message) =>
            {
                writer.Cluster(message.Cluster);
                writer.Node(message.Node);
                writer.Number(message.DataSet);
                writer.Number(message.Start);
                writer.Number(message.Process);
                writer.Number(message.Protocol);
                writer.Number(message.Features);
                writer.Text(message.Runtime);
            },
            static (ref WireReader reader) => new(
                reader.Cluster(), reader.Node(), reader.Number(), (uint)reader.Number(uint.MaxValue), reader.Number(),
                (ushort)reader.Number(ushort.MaxValue), reader.Number(), reader.Text())),
        new MessageFormat<NodeProtocol.Welcome>(
            61,
            static (writer, message) =>
            {
                writer.Cluster(message.Cluster);
                writer.Node(message.Node);
                writer.Number(message.DataSet);
                writer.Number(message.Start);
                writer.Number(message.Process);
                writer.Number(message.Protocol);
                writer.Number(message.Features);
            },
            static (ref WireReader reader) => new(
                reader.Cluster(), reader.Node(), reader.Number(), (uint)reader.Number(uint.MaxValue), reader.Number(),
                (ushort)reader.Number(ushort.MaxValue), reader.Number())),
        new MessageFormat<NodeProtocol.Unwelcome>(
            62,
            static (writer, message) =>
            {
                writer.Cluster(message.Cluster);
                writer.Node(message.Node);
                writer.Number(message.Process);
                writer.Flag(message.IsForGood);
                writer.Text(message.Reason);
            },
            static (ref WireReader reader) => new(reader.Cluster(), reader.Node(), reader.Number(), reader.Flag(), reader.Text())),
        new MessageFormat<NodeProtocol.WhoAreYou>(
            70,
            static (writer, message) =>
            {
                writer.Cluster(message.Cluster);
                writer.Node(message.Node);
            },
            static (ref WireReader reader) => new(reader.Cluster(), reader.Node())),
    ];

    private static IEnumerable<MessageFormat> Ring() =>
    [
        new MessageFormat<NodeProtocol.RingLogSays>(
            63,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.RingLog(message.Message);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.RingLog())),
        new MessageFormat<NodeProtocol.StageChange>(
            64,
            static (writer, message) =>
            {
                writer.Cluster(message.NewcomerCluster);
                writer.Change(message.Change);
            },
            static (ref WireReader reader) => new(reader.Cluster(), reader.Change())),
        new MessageFormat<NodeProtocol.ChangeAnswered>(
            65,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Byte((byte)(message.Refusal ?? 0));
            },
            static (ref WireReader reader) => new(
                reader.Node(), reader.Choice((byte)RingRefusal.TooLateToCancel) is var refusal and > 0 ? (RingRefusal)refusal : null)),
        new MessageFormat<NodeProtocol.AskEpoch>(
            72,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Epoch(message.AtLeast);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Epoch())),
        new MessageFormat<NodeProtocol.EpochReached>(
            73,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Epoch(message.Epoch);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Epoch())),
        new MessageFormat<GossipProtocol.Gossip>(
            66,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Gossip(message.Message);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Gossip())),
    ];

    private static IEnumerable<MessageFormat> Transfers() =>
    [
        new MessageFormat<NodeProtocol.AskHintRoom>(
            67,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Count(message.Hints);
                writer.Number((ulong)message.Bytes);
                writer.Count(message.First);
            },
            static (ref WireReader reader) => AskedRoom(ref reader)),
        new MessageFormat<NodeProtocol.HintRoom>(
            68,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Count(message.Hints);
                writer.Number((ulong)message.Bytes);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Count(int.MaxValue), (long)reader.Number(long.MaxValue))),
        new MessageFormat<NodeProtocol.RangeDirty>(
            71,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Node(message.Owner);
                writer.Partition(message.Partition);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Node(), reader.Partition())),
        new MessageFormat<NodeProtocol.RangeMarked>(
            76,
            static (writer, message) => writer.Node(message.From),
            static (ref WireReader reader) => new(reader.Node())),
        new MessageFormat<NodeProtocol.AskFounding>(
            74,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Number(message.Round);
            },
            static (ref WireReader reader) => new(reader.Node(), (uint)reader.Number(uint.MaxValue))),
        new MessageFormat<NodeProtocol.FoundingAnswered>(
            75,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Number(message.Round);
                writer.Byte((byte)message.Answer);
            },
            static (ref WireReader reader) => new(
                reader.Node(), (uint)reader.Number(uint.MaxValue), reader.Choice<FoundingAnswer>())),
        new MessageFormat<NodeProtocol.HandoffSays>(
            69,
            static (writer, message) =>
            {
                writer.Node(message.From);
                writer.Handoff(message.Message);
            },
            static (ref WireReader reader) => new(reader.Node(), reader.Handoff())),
    ];

    /// <summary>No hint is larger than all of them together.</summary>
    private static NodeProtocol.AskHintRoom AskedRoom(ref WireReader reader)
    {
        var (from, hints, bytes) = (reader.Node(), reader.Count(int.MaxValue), (long)reader.Number(long.MaxValue));
        return new NodeProtocol.AskHintRoom(from, hints, bytes, reader.Count((int)Math.Min(int.MaxValue, bytes)));
    }
}
