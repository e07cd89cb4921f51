using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

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
}
