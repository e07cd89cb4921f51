using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Handoff;

/// <summary>What a <see cref="MoveDirector"/> wants done. All of it may be lost or come twice: it asks again on its tick.</summary>
public abstract record MoveEffect
{
    private MoveEffect()
    {
    }

    /// <summary>Ask an owner to refuse epochs of the partition before this one, and to say when nothing older is under way.</summary>
    public sealed record AskFence(NodeId Owner, PartitionId Partition, RingEpoch Epoch) : MoveEffect;

    /// <summary>Ask a new owner to fill itself; it answers at once if it is full already.</summary>
    public sealed record AskFill(PartitionId Partition, RingEpoch Epoch, ReplicaFill Fill) : MoveEffect;

    /// <summary>Ask an old owner to reaffirm every strong key it holds of the partition, under this epoch.</summary>
    public sealed record AskReaffirm(NodeId Owner, PartitionId Partition, RingEpoch Epoch) : MoveEffect;

    /// <summary>Propose this ring to the ring log.</summary>
    public sealed record Propose(Ring Ring) : MoveEffect;
}
