using KvStore.Core.Identity;

namespace KvStore.Core.Hints;

/// <summary>What a <see cref="HintBook"/> wants done.</summary>
public abstract record HintEffect
{
    private HintEffect()
    {
    }

    /// <summary>Ask a node how many hints it will take now; answer with OnGranted.</summary>
    public sealed record Ask(NodeId To, int Hints, long Bytes) : HintEffect;

    /// <summary>
    /// Read the state kept under the key and send it to a node as a merge; answer with OnDelivered when that node has it on its disk,
    /// with OnUndelivered when it has not, or did not say in time.
    /// </summary>
    public sealed record Deliver(NodeId To, HintId Hint, ulong Generation) : HintEffect;

    /// <summary>
    /// Forget the hint durably. If it was the last on its key and a quorum had counted the copy, that may go too, as long as it
    /// is still what was delivered (Replica.OnDrop).
    /// </summary>
    public sealed record Remove(HintId Hint, bool DropsCopy) : HintEffect;

    /// <summary>
    /// Something that an owner lacks is not kept for it any more: exchange that partition with it first when it is back, if this node is an
    /// owner too.
    /// </summary>
    public sealed record MarkDirty(NodeId Owner, PartitionId Partition) : HintEffect;

    /// <summary>
    /// The same for another owner, which was given the copy in place of the one it was kept for: a stand-in takes part in no exchange.
    /// </summary>
    public sealed record TellDirty(NodeId To, NodeId Owner, PartitionId Partition) : HintEffect;
}
