using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>What one call wants of a key.</summary>
internal enum CallKind : byte
{
    Read,
    Coordinate,
    Merge,
    Drop,
    Reap,
    Forget,
}

/// <summary>One call that waits for its key. <see cref="Result"/> is filled in when it is applied.</summary>
internal sealed class PendingCall(CallId id, CallKind kind, RingEpoch epoch)
{
    public CallId Id { get; } = id;

    public CallKind Kind { get; } = kind;

    public RingEpoch Epoch { get; } = epoch;

    /// <summary>The write to coordinate.</summary>
    public WriteRequest? Write { get; init; }

    /// <summary>The state to merge.</summary>
    public SiblingSet? Set { get; init; }

    /// <summary>What the replica that sent the state had surely seen, if the state is all that it held of the key.</summary>
    public SeenEvents SeenBySender { get; init; } = SeenEvents.None;

    /// <summary>The owner for which it is kept.</summary>
    public NodeId? StandsFor { get; init; }

    /// <summary>Drop and reap only if the state has this hash.</summary>
    public ulong Hash { get; init; }

    /// <summary>Drop only what costs nothing: <see cref="Replica.IsRetired"/>.</summary>
    public bool IfRetired { get; init; }

    /// <summary>The dot that a coordinated write has, of this call or of an earlier one of the same client operation.</summary>
    public Dot Result { get; set; }
}

/// <summary>
/// One key with something under way: at most one read-merge-write at a time, and everything that arrives meanwhile waits and is
/// then applied in one go. Owned by one <see cref="Replica"/>.
/// </summary>
internal sealed class PendingKey(BucketKey key)
{
    public BucketKey Key { get; } = key;

    /// <summary>What storage holds; null while it is being read.</summary>
    public SiblingSet? Held { get; set; }

    /// <summary>What is being written; null when nothing is.</summary>
    public SiblingSet? Storing { get; set; }

    /// <summary>The write under way.</summary>
    public StoreTicket Ticket { get; set; }

    /// <summary>Whether the write under way is in the log.</summary>
    public bool Logged { get; set; }

    /// <summary>The calls that the write under way answers.</summary>
    public List<PendingCall> InFlight { get; } = [];

    /// <summary>The calls that wait for the read, or for the write under way.</summary>
    public List<PendingCall> Waiting { get; } = [];

    /// <summary>The owners for which the write under way is kept.</summary>
    public IReadOnlyList<NodeId> StandsFor => InFlight.Exists(static call => call.StandsFor is not null)
        ? [.. InFlight.Select(call => call.StandsFor).OfType<NodeId>().Distinct()]
        : [];

    /// <summary>Whether the state is the one that a drop is about, and nothing under way keeps it for an owner again.</summary>
    public bool MayDrop(SiblingSet held, PendingCall drop) =>
        !held.IsEmpty && held.Hash == drop.Hash && !InFlight.Exists(other => other.StandsFor is not null);

    /// <summary>Takes out the waiting calls that need to know what is held; merges stay.</summary>
    public List<PendingCall> TakeAllButMerges()
    {
        var taken = Waiting.FindAll(call => call.Kind != CallKind.Merge);
        Waiting.RemoveAll(call => call.Kind != CallKind.Merge);
        return taken;
    }
}
