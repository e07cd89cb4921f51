using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Membership;
using KvStore.Core.Placement;

namespace KvStore.Wire;

/// <summary>What nodes say to each other as nodes: who they are, the ring, gossip, hints and streams, and the batches all of it goes in.</summary>
public static class NodeProtocol
{
    /// <summary>The version of this protocol; two nodes talk in the lower one of theirs.</summary>
    public const ushort Version = 1;

    /// <summary>The first message on a line. Answered by <see cref="Welcome"/> or <see cref="Unwelcome"/>.</summary>
    /// <param name="Cluster">The sender's cluster; none if it was never admitted to one.</param>
    /// <param name="Node">The sender.</param>
    /// <param name="DataSet">Random bits drawn with its data.</param>
    /// <param name="Start">Its durable start number.</param>
    /// <param name="Process">Random bits drawn at that start.</param>
    /// <param name="Protocol">The highest version it speaks.</param>
    /// <param name="Features">What it can do beyond that version, one bit each.</param>
    /// <param name="Runtime">The actor runtime it stands on; a cluster stands on one.</param>
    public sealed record Hello(
        ClusterId Cluster, NodeId Node, ulong DataSet, uint Start, ulong Process, ushort Protocol, ulong Features, string Runtime) : IWireMessage;

    /// <summary>The sender of <see cref="Hello"/> may go on, in this version and with these features.</summary>
    public sealed record Welcome(
        ClusterId Cluster, NodeId Node, ulong DataSet, uint Start, ulong Process, ushort Protocol, ulong Features) : IWireMessage;

    /// <summary>The sender of <see cref="Hello"/> is not wanted; in words for its operator.</summary>
    /// <param name="Cluster">The cluster of the node that answers.</param>
    /// <param name="Node">The node that answers.</param>
    /// <param name="Process">Which process: another one at its place takes no heed.</param>
    /// <param name="IsForGood">Whether that process and its data are to stay out.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Unwelcome(ClusterId Cluster, NodeId Node, ulong Process, bool IsForGood, string Reason) : IWireMessage;

    /// <summary>The receiver has met no process like the one that wrote: greet with <see cref="Hello"/> first.</summary>
    public sealed record WhoAreYou(ClusterId Cluster, NodeId Node) : IWireMessage;

    /// <summary>Messages that were gathered while the line was busy.</summary>
    public sealed record Batch(LinkBatch Content) : IWireMessage;

    /// <summary>A message of the ring log.</summary>
    public sealed record RingLogSays(NodeId From, RingLogMessage Message) : IWireMessage;

    /// <summary>Stage this change; of a node that wants to join, with the cluster it belonged to. Answered by <see cref="ChangeAnswered"/>.</summary>
    public sealed record StageChange(ClusterId NewcomerCluster, RingChange Change) : IWireMessage;

    /// <summary>The change is staged, or not and why.</summary>
    public sealed record ChangeAnswered(NodeId From, RingRefusal? Refusal) : IWireMessage;

    /// <summary>Say when a ring of at least this epoch, which the sender has, is in force with you. Answered by <see cref="EpochReached"/>.</summary>
    public sealed record AskEpoch(NodeId From, RingEpoch AtLeast) : IWireMessage;

    /// <summary>It is, and what comes from earlier epochs is refused.</summary>
    public sealed record EpochReached(NodeId From, RingEpoch Epoch) : IWireMessage;

    /// <summary>I keep so much for you: how much will you take now? Answered by <see cref="HintRoom"/>.</summary>
    /// <param name="From">Who keeps it.</param>
    /// <param name="Hints">How many hints could come.</param>
    /// <param name="Bytes">The size of all of them.</param>
    /// <param name="First">The size of the one that has waited longest, and comes first: less room than that is of no use.</param>
    public sealed record AskHintRoom(NodeId From, int Hints, long Bytes, int First) : IWireMessage;

    /// <summary>So much; none means: ask again later.</summary>
    public sealed record HintRoom(NodeId From, int Hints, long Bytes) : IWireMessage;

    /// <summary>
    /// I kept something for that owner too long and brought it to you: compare the partition with it when it is back. Answered by
    /// <see cref="RangeMarked"/>.
    /// </summary>
    public sealed record RangeDirty(NodeId From, NodeId Owner, PartitionId Partition) : IWireMessage;

    /// <summary>I will, as soon as it can be reached.</summary>
    public sealed record RangeMarked(NodeId From) : IWireMessage;

    /// <summary>I would form the actor systems' cluster: will you join it? Answered by <see cref="FoundingAnswered"/>.</summary>
    public sealed record AskFounding(NodeId From, uint Round) : IWireMessage;

    /// <summary>The answer to that round.</summary>
    public sealed record FoundingAnswered(NodeId From, uint Round, FoundingAnswer Answer) : IWireMessage;

    /// <summary>A message of a handoff.</summary>
    public sealed record HandoffSays(NodeId From, HandoffMessage Message) : IWireMessage;
}
