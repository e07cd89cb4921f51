using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// What is kept under a key: the siblings, each under its own dot, and the vector clock of every event they descend from. A
/// dotted version vector set without the run-length form. Immutable, and shared freely.
/// <para>Its state is a join semilattice under <see cref="Sync"/>: replicas that have seen the same writes are equal,
/// whatever the order. Request ids, expiry and timestamps decide only what is shown (<see cref="SiblingView"/>), never
/// what is kept, so that these laws hold without exception.</para>
/// <para>Invariants: (1) siblings are sorted by dot, and no dot is there twice; (2) the clock covers every sibling's dot;
/// (3) a dot that the clock covers and that no sibling carries is known to be superseded; (4) only <see cref="Empty"/>
/// has no siblings: a delete leaves a tombstone.</para>
/// <para>After Preguiça, Baquero, Almeida, Fonte, Gonçalves: "Dotted Version Vectors" (2012), and Riak KV.</para>
/// </summary>
public sealed class SiblingSet
{
    /// <summary>The key is not there.</summary>
    public static readonly SiblingSet Empty = new(VersionVector.Empty, []);

    private readonly Sibling[] _siblings;
    private ulong _hash;

    private SiblingSet(VersionVector context, Sibling[] siblings) => (Context, _siblings) = (context, siblings);

    /// <summary>Every event that this state descends from.</summary>
    public VersionVector Context { get; }

    /// <summary>The versions that none of the others supersedes, sorted by dot; tombstones among them.</summary>
    public ReadOnlySpan<Sibling> Siblings => _siblings;

    /// <summary>How many versions, tombstones among them.</summary>
    public int Count => _siblings.Length;

    /// <summary>Whether there is nothing, not even a tombstone.</summary>
    public bool IsEmpty => _siblings.Length == 0;

    /// <summary>
    /// A hash of the clock and the dots: equal states have equal hashes on every node and in every version of this program.
    /// 0 only for <see cref="Empty"/>. Values and expiry are not in it: a dot names its value.
    /// </summary>
    public ulong Hash
    {
        get
        {
            if (_hash == 0 && !IsEmpty)
                _hash = ComputeHash();
            return _hash;
        }
    }

    /// <summary>A state read from outside.</summary>
    /// <exception cref="ArgumentException">It breaks one of the invariants.</exception>
    public static SiblingSet Of(VersionVector context, ReadOnlySpan<Sibling> siblings)
    {
        if (siblings.IsEmpty)
        {
            return context.IsEmpty
                ? Empty
                : throw new ArgumentException("A clock without siblings is no state of a key.", nameof(siblings));
        }

        for (var i = 0; i < siblings.Length; i++)
        {
            if (i > 0 && siblings[i - 1].Dot >= siblings[i].Dot)
                throw new ArgumentException("Siblings are sorted by dot, each once.", nameof(siblings));
            if (!context.Covers(siblings[i].Dot))
                throw new ArgumentException("The clock covers every sibling.", nameof(context));
        }

        return new SiblingSet(context, siblings.ToArray());
    }

    /// <summary>Whether a sibling carries the dot.</summary>
    public bool Contains(Dot dot) => Find(dot) is not null;

    /// <summary>The sibling under a dot, or null.</summary>
    public Sibling? Find(Dot dot)
    {
        foreach (var sibling in _siblings)
        {
            if (sibling.Dot == dot)
                return sibling;
        }

        return null;
    }

    /// <summary>Whether both hold the same versions and know the same events.</summary>
    public bool StateEquals(SiblingSet other) =>
        ReferenceEquals(this, other) || (Hash == other.Hash && Context.Equals(other.Context) && SameDots(other));

    /// <summary>Whether syncing <paramref name="other"/> into this would change nothing.</summary>
    public bool Dominates(SiblingSet other)
    {
        if (StateEquals(other))
            return true;
        return Context.Covers(other.Context) && KeepsAll(other, SeenEvents.None) && other.AddsNothingTo(this, SeenEvents.None);
    }

    /// <summary>
    /// The state of one who has seen what either has seen: a version stays unless the other side knows it and no longer has
    /// it. Commutative, associative, idempotent. Returns one of the two itself when it already is the result.
    /// </summary>
    public static SiblingSet Sync(SiblingSet a, SiblingSet b) => Sync(a, b, SeenEvents.None);

    /// <summary>
    /// <see cref="Sync(SiblingSet, SiblingSet)"/> into what a replica holds, when that replica has also seen, for every key of
    /// its partition, all events of <paramref name="seen"/>: a late copy of what it has since superseded
    /// or reaped is known, and stays away.
    /// </summary>
    public static SiblingSet Sync(SiblingSet held, SiblingSet arriving, SeenEvents seen) => Sync(held, arriving, seen, SeenEvents.None);

    /// <summary>
    /// <see cref="Sync(SiblingSet, SiblingSet, SeenEvents)"/> with all that another replica holds of the key, when that one too has seen
    /// all events of <paramref name="seenByOther"/>: what it has not of them is superseded or reaped, and goes here as well.
    /// </summary>
    public static SiblingSet Sync(SiblingSet held, SiblingSet arriving, SeenEvents seen, SeenEvents seenByOther)
    {
        if (held.StateEquals(arriving))
            return held;
        if (arriving.AddsNothingTo(held, seen) && held.KeepsAll(arriving, seenByOther)
            && (held.IsEmpty || held.Context.Covers(arriving.Context)))
            return held;
        if (held.AddsNothingTo(arriving, seenByOther) && arriving.KeepsAll(held, seen)
            && arriving.Context.Covers(held.Context))
            return arriving;

        var kept = new List<Sibling>(held.Count + arriving.Count);
        foreach (var sibling in held._siblings)
        {
            if (arriving.Contains(sibling.Dot) || (!arriving.Context.Covers(sibling.Dot) && !seenByOther.Covers(sibling.Dot)))
                kept.Add(sibling);
        }

        foreach (var sibling in arriving._siblings)
        {
            if (!held.Contains(sibling.Dot) && !held.Context.Covers(sibling.Dot) && !seen.Covers(sibling.Dot))
                kept.Add(sibling);
        }

        // Nothing is left when what arrives supersedes what is held and was itself seen and reaped before.
        if (kept.Count == 0)
            return Empty;
        kept.Sort(static (x, y) => x.Dot.CompareTo(y.Dot));
        return new SiblingSet(held.Context.Join(arriving.Context), [.. kept]);
    }

    /// <summary>
    /// The state after a write: the new version supersedes exactly what <paramref name="context"/> covers, and stands beside
    /// the rest. The dot must be new to the set and minted by the incarnation that holds it.
    /// </summary>
    public SiblingSet Update(VersionVector context, Sibling version)
    {
        Invariant.Check(!Context.Covers(version.Dot));
        var kept = new List<Sibling>(Count + 1);
        foreach (var sibling in Discard(context))
            kept.Add(sibling);
        kept.Add(version);
        kept.Sort(static (x, y) => x.Dot.CompareTo(y.Dot));
        return new SiblingSet(Context.Join(context).With(version.Dot), [.. kept]);
    }

    /// <summary>The versions that a context does not cover: those that a write based on it leaves in place.</summary>
    public IEnumerable<Sibling> Discard(VersionVector context) => _siblings.Where(sibling => !context.Covers(sibling.Dot));

    /// <summary>The same state without the bytes of versions that expired by now; this instance when there are none.</summary>
    public SiblingSet DropExpiredBytes(long wallMilliseconds)
    {
        var any = false;
        foreach (var sibling in _siblings)
            any |= !sibling.IsTombstone && sibling.IsDeadAt(wallMilliseconds);
        if (!any)
            return this;
        return new SiblingSet(
            Context,
            Array.ConvertAll(_siblings, sibling => sibling.IsDeadAt(wallMilliseconds) ? sibling.AsTombstone() : sibling));
    }

    /// <summary>Whether every version is a tombstone or expired. False for <see cref="Empty"/>.</summary>
    public bool IsDeadAt(long wallMilliseconds)
    {
        foreach (var sibling in _siblings)
        {
            if (!sibling.IsDeadAt(wallMilliseconds))
                return false;
        }

        return !IsEmpty;
    }

    /// <summary>Bytes of all values; with <see cref="SiblingSetCodec.MaxOverhead"/> a bound on its encoded size.</summary>
    public long ValueBytes()
    {
        long bytes = 0;
        foreach (var sibling in _siblings)
            bytes += sibling.Value.Length;
        return bytes;
    }

    public override string ToString() => $"[{string.Join(", ", (object[])_siblings)}] {Context}";

    /// <summary>Whether none of this set's siblings survives as something new on the other side.</summary>
    private bool AddsNothingTo(SiblingSet other, SeenEvents seen)
    {
        foreach (var sibling in _siblings)
        {
            if (!other.Context.Covers(sibling.Dot) && !seen.Covers(sibling.Dot))
                return false;
        }

        return true;
    }

    /// <summary>Whether all of this set's siblings survive a sync with the other side.</summary>
    private bool KeepsAll(SiblingSet other, SeenEvents seenByOther)
    {
        foreach (var sibling in _siblings)
        {
            if (!other.Contains(sibling.Dot) && (other.Context.Covers(sibling.Dot) || seenByOther.Covers(sibling.Dot)))
                return false;
        }

        return true;
    }

    private bool SameDots(SiblingSet other)
    {
        if (Count != other.Count)
            return false;
        for (var i = 0; i < _siblings.Length; i++)
        {
            if (_siblings[i].Dot != other._siblings[i].Dot)
                return false;
        }

        return true;
    }

    private ulong ComputeHash()
    {
        var hash = Context.Fold(Mix64.Fold(0, (ulong)Context.Count));
        foreach (var sibling in _siblings)
            hash = Mix64.Fold(hash, sibling.Dot);
        return hash == 0 ? 1 : hash;
    }
}
