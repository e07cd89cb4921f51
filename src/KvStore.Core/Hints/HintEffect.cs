using KvStore.Core.Identity;

namespace KvStore.Core.Hints;

/// <summary>What a <see cref="HintBook"/> wants done.</summary>
public abstract record HintEffect
{
    private HintEffect()
    {
    }

    /// <summary>Ask a node how many hints it will take now; answer with OnGranted.</summary>
    /// <param name="To">Who is asked.</param>
    /// <param name="Hints">How many could go.</param>
    /// <param name="Bytes">How much that is, all together.</param>
    /// <param name="First">How much the first of them is, which has waited longest: with room for less it would wait on.</param>
    public sealed record Ask(NodeId To, int Hints, long Bytes, int First) : HintEffect;

    /// <summary>
    /// Read the state kept under the key and send it to a node as a merge; answer with OnDelivered when that node has it on its disk,
    /// with OnUndelivered when it has not, or did not say in time.
    /// </summary>
    /// <param name="To">Who gets it.</param>
    /// <param name="Hint">Whose it is, and what.</param>
    /// <param name="Generation">Of what is delivered; to be given back.</param>
    /// <param name="IsOnBehalf">
    /// It goes to another owner than the one it was kept for. That node is then told so too, and it is delivered when it has answered
    /// that it will compare with the one that was away: a stand-in takes part in no exchange.
    /// </param>
    public sealed record Deliver(NodeId To, HintId Hint, ulong Generation, bool IsOnBehalf) : HintEffect;

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
}
