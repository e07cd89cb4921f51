using System.Collections.Immutable;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;

namespace KvStore.Wire;

/// <summary>
/// What a coordinator's request actor and the replicas of a partition say to each other. Every request carries the ring epoch it was
/// planned from and what is left of the client's budget; every answer says which node gives it.
/// </summary>
public static class ReplicaProtocol
{
    /// <summary>Addressed to a partition on a node, whoever the message came through.</summary>
    public interface IReplicaRequest : IWireMessage
    {
        PartitionId Partition { get; }
    }

    /// <summary>
    /// Which keys of the bucket are there, from this place of a walk on, some <paramref name="Max"/> of them? Answered by
    /// <see cref="ReplicaListed"/> or <see cref="ReplicaRefused"/>.
    /// </summary>
    public sealed record ListReplica(
        RingEpoch Epoch, PartitionId Partition, BucketName Bucket, ScanPosition From, int Max, TimeSpan Budget) : IReplicaRequest;

    /// <summary>These.</summary>
    public sealed record ReplicaListed(NodeId Node, KeyPage Page) : IWireMessage;

    /// <summary>Merge this state into what you hold of the key. Answered by <see cref="ReplicaStored"/> or <see cref="ReplicaRefused"/>.</summary>
    /// <param name="StandsFor">The owner for which the receiver, a fallback, keeps its copy; null when it is an owner.</param>
    public sealed record StoreReplica(
        RingEpoch Epoch, PartitionId Partition, BucketKey Key, SiblingSet Set, NodeId? StandsFor, TimeSpan Budget) : IReplicaRequest;

    /// <summary>What do you hold of the key? Answered by <see cref="ReplicaRead"/> or <see cref="ReplicaRefused"/>.</summary>
    public sealed record ReadReplica(RingEpoch Epoch, PartitionId Partition, BucketKey Key, TimeSpan Budget) : IReplicaRequest;

    /// <summary>The state is held; <paramref name="Durable"/> when it is on disk.</summary>
    public sealed record ReplicaStored(NodeId Node, bool Durable) : IWireMessage;

    /// <summary>What the replica can say of the key.</summary>
    public sealed record ReplicaRead(NodeId Node, ReadAnswer Answer) : IWireMessage;

    /// <summary>Nothing was changed; <paramref name="Epoch"/> is the replica's, for a request that came with an older one.</summary>
    public sealed record ReplicaRefused(NodeId Node, Refusal Refusal, RingEpoch Epoch) : IWireMessage;

    /// <summary>Refuse this partition's epochs before this one for good. Answered by <see cref="ReplicaFenced"/>.</summary>
    public sealed record FenceReplica(RingEpoch Epoch, PartitionId Partition) : IReplicaRequest;

    /// <summary>The fence is durable, and nothing of older epochs is under way.</summary>
    public sealed record ReplicaFenced(NodeId Node, PartitionId Partition, RingEpoch Epoch) : IWireMessage;

    /// <summary>Become full by streams from these nodes. Answered by <see cref="ReplicaFilled"/> when that is on disk.</summary>
    public sealed record FillReplica(RingEpoch Epoch, PartitionId Partition, ImmutableArray<NodeId> Sources) : IReplicaRequest;

    /// <summary>Everything those nodes held at their fences is on this node's disk.</summary>
    public sealed record ReplicaFilled(NodeId Node, PartitionId Partition, RingEpoch Epoch) : IWireMessage;

    /// <summary>Write every strong key of the partition back to what it is, under this epoch. Answered by <see cref="KeysReaffirmed"/>.</summary>
    public sealed record ReaffirmKeys(RingEpoch Epoch, PartitionId Partition) : IReplicaRequest;

    /// <summary>Every strong key that was here when asked is held by a majority of the old and of the new owners.</summary>
    public sealed record KeysReaffirmed(NodeId Node, PartitionId Partition, RingEpoch Epoch) : IWireMessage;

    /// <summary>
    /// A stand-in asks an owner what it has seen. Answered by <see cref="SeenIs"/>, or <see cref="ReplicaRefused"/>: it is not whole.
    /// </summary>
    public sealed record AskSeen(RingEpoch Epoch, PartitionId Partition) : IReplicaRequest;

    /// <summary>The owner is whole, mints under this incarnation, and has surely seen this.</summary>
    public sealed record SeenIs(NodeId Node, PartitionId Partition, Incarnation Under, VersionVector Seen) : IWireMessage;

    /// <summary>
    /// You hold all that a stand-in minted up to these counters, if you still mint under that incarnation: vouch for it from now on.
    /// Answered by <see cref="OriginsAdopted"/> or <see cref="ReplicaRefused"/>.
    /// </summary>
    public sealed record AdoptOrigins(RingEpoch Epoch, PartitionId Partition, Incarnation Under, VersionVector Origins) : IReplicaRequest;

    /// <summary>The owner vouches for them, and that is stored.</summary>
    public sealed record OriginsAdopted(NodeId Node, PartitionId Partition) : IWireMessage;

    /// <summary>Phase 1 on a strong key. Answered by <see cref="RegisterAnswered"/> or <see cref="ReplicaRefused"/>.</summary>
    public sealed record PrepareRegister(RingEpoch Epoch, PartitionId Partition, BucketKey Key, Ballot Ballot) : IReplicaRequest;

    /// <summary>Phase 2 on a strong key. Answered by <see cref="RegisterAnswered"/> or <see cref="ReplicaRefused"/>.</summary>
    public sealed record AcceptRegister(
        RingEpoch Epoch, PartitionId Partition, BucketKey Key, Ballot Ballot, RegisterValue Value) : IReplicaRequest;

    /// <summary>An acceptor's answer; what it says is durable there.</summary>
    public sealed record RegisterAnswered(NodeId Node, BucketKey Key, AcceptorReply<RegisterValue> Reply) : IWireMessage;

    /// <summary>Which of these deleted keys do you hold in this state, below your watermarks? Answered by <see cref="ReapAgreed"/>.</summary>
    public sealed record AskReap(RingEpoch Epoch, PartitionId Partition, ImmutableArray<KeyHash> Keys) : IReplicaRequest;

    /// <summary>These may be forgotten.</summary>
    public sealed record ReapAgreed(NodeId Node, PartitionId Partition, ImmutableArray<BucketKey> Keys) : IWireMessage;

    /// <summary>All owners agreed: forget these if you still hold them in this state. Not answered.</summary>
    public sealed record CommitReap(RingEpoch Epoch, PartitionId Partition, ImmutableArray<KeyHash> Keys) : IReplicaRequest;

    /// <summary>A step of an exchange of one partition; the session number is the initiator's.</summary>
    public sealed record ExchangeStep(NodeId From, PartitionId Partition, ulong Session, ExchangeMessage Step) : IReplicaRequest;
}
