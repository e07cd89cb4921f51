using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>What a <see cref="Replica"/> wants done next. A closed set; each is carried out in order.</summary>
public abstract record ReplicaEffect
{
    private ReplicaEffect()
    {
    }

    /// <summary>Read what is kept under a key; answer with OnLoaded.</summary>
    public sealed record Load(BucketKey Key) : ReplicaEffect;

    /// <summary>
    /// Write a state, or remove the key when it is <see cref="SiblingSet.Empty"/>. Answer with OnLogged when it is in the log
    /// (the
    /// coordinator may then send it on) and OnStored when it is as durable as configured; OnStored alone will do.
    /// </summary>
    /// <param name="Ticket">Its place in the order; logged in this order.</param>
    /// <param name="Key">The key.</param>
    /// <param name="Set">The new state.</param>
    /// <param name="StandsFor">Owners for which this is kept as a hint, to be found again after a restart. Empty on
    /// owners.</param>
    public sealed record Store(StoreTicket Ticket, BucketKey Key, SiblingSet Set, IReadOnlyList<NodeId> StandsFor)
        : ReplicaEffect;

    /// <summary>Write what the replica keeps beside the data, in order with the stores. Nobody waits for it.</summary>
    public sealed record SaveMeta(ReplicaMeta Meta) : ReplicaEffect;

    /// <summary>
    /// Draw a new incarnation and make it, with a first lease of this many counters, durable (synced, whatever the sync mode);
    /// answer with OnTenureBegun.
    /// </summary>
    public sealed record BeginTenure(ulong LeaseBlock) : ReplicaEffect;

    /// <summary>Make a lease's new end durable (synced, whatever the sync mode); answer with OnLeaseExtended.</summary>
    public sealed record ExtendLease(Incarnation Incarnation, ulong End) : ReplicaEffect;

    /// <summary>Make a fence durable (synced); answer with OnFenceSaved.</summary>
    public sealed record SaveFence(RingEpoch Epoch) : ReplicaEffect;

    /// <summary>Answers a coordinating call: the write has its dot and is logged. An acknowledgement follows.</summary>
    public sealed record Minted(CallId Call, Dot Dot, SiblingSet Set) : ReplicaEffect;

    /// <summary>
    /// Answers a coordinating or merging call: the state is stored. For a merge, <paramref name="Held"/> is what is held now when
    /// that differs from what was sent; else null.
    /// </summary>
    public sealed record Stored(CallId Call, SiblingSet? Held) : ReplicaEffect;

    /// <summary>Answers a reading call.</summary>
    public sealed record Answered(CallId Call, ReadAnswer Answer) : ReplicaEffect;

    /// <summary>Answers any call: it was not done. <paramref name="Fence"/> is the oldest epoch that is not refused.</summary>
    public sealed record Refused(CallId Call, Refusal Refusal, RingEpoch Fence) : ReplicaEffect;

    /// <summary>Answers a fence call: older epochs are refused for good, and nothing of them is under way any more.</summary>
    public sealed record Fenced(CallId Call, RingEpoch Epoch) : ReplicaEffect;

    /// <summary>
    /// Fill this tree: take a snapshot of what is stored now, in order with the stores, add each of its keys, then complete the
    /// scan.
    /// What cannot be read is left out and, before the scan is completed, told to the replica (OnDamageFound). Meanwhile the
    /// replica adds what is stored after the snapshot.
    /// </summary>
    public sealed record RebuildTree(HashTree Tree) : ReplicaEffect;

    /// <summary>What is kept under a key cannot be read: tell the operator, and fetch it from the other replicas.</summary>
    public sealed record Damaged(BucketKey Key) : ReplicaEffect;
}
