using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// The vector clock: for each incarnation, the highest counter whose events up to it are known. Immutable, and shared freely.
/// A join returns one of its arguments whenever that one already covers the other, so that equal states allocate nothing.
/// <para>Invariants: (1) entries are sorted by incarnation, one for each; (2) no counter is 0.</para>
/// <para>After Mattern, "Virtual Time and Global States of Distributed Systems" (1988), with incarnations for processes.</para>
/// </summary>
public sealed class VersionVector : IEquatable<VersionVector>
{
    /// <summary>Knows nothing.</summary>
    public static readonly VersionVector Empty = new([]);

    private readonly Dot[] _entries;

    private VersionVector(Dot[] entries) => _entries = entries;

    /// <summary>How many incarnations it names.</summary>
    public int Count => _entries.Length;

    /// <summary>Whether it knows nothing.</summary>
    public bool IsEmpty => _entries.Length == 0;

    /// <summary>Its entries, sorted by incarnation.</summary>
    public ReadOnlySpan<Dot> Entries => _entries;

    /// <summary>The highest counter known of an incarnation; 0 when none is.</summary>
    public ulong this[Incarnation incarnation]
    {
        get
        {
            foreach (ref readonly var entry in _entries.AsSpan())
            {
                if (entry.Incarnation == incarnation)
                    return entry.Counter;
            }

            return 0;
        }
    }

    /// <summary>A vector of entries that may come from outside.</summary>
    /// <exception cref="ArgumentException">They are not sorted, name an incarnation twice, or count 0.</exception>
    public static VersionVector FromSorted(ReadOnlySpan<Dot> entries)
    {
        if (entries.IsEmpty)
            return Empty;
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Counter == 0 || (i > 0 && entries[i - 1].Incarnation >= entries[i].Incarnation))
                throw new ArgumentException("A version vector's entries are sorted, unique and above zero.", nameof(entries));
        }

        return new VersionVector(entries.ToArray());
    }

    /// <summary>The vector that knows one incarnation's events up to a dot.</summary>
    public static VersionVector Of(Dot dot)
    {
        Invariant.Check(dot.Counter > 0);
        return new VersionVector([dot]);
    }

    /// <summary>Whether it knows the event.</summary>
    public bool Covers(Dot dot) => this[dot.Incarnation] >= dot.Counter;

    /// <summary>Whether it knows everything that <paramref name="other"/> knows.</summary>
    public bool Covers(VersionVector other)
    {
        if (ReferenceEquals(this, other))
            return true;
        var i = 0;
        foreach (ref readonly var entry in other._entries.AsSpan())
        {
            while (i < _entries.Length && _entries[i].Incarnation < entry.Incarnation)
                i++;
            if (i == _entries.Length || _entries[i].Incarnation != entry.Incarnation || _entries[i].Counter < entry.Counter)
                return false;
        }

        return true;
    }

    /// <summary>The least vector that knows what both know.</summary>
    public VersionVector Join(VersionVector other)
    {
        if (Covers(other))
            return this;
        if (other.Covers(this))
            return other;
        var joined = new Dot[_entries.Length + other._entries.Length];
        int i = 0, j = 0, n = 0;
        while (i < _entries.Length && j < other._entries.Length)
        {
            var (mine, theirs) = (_entries[i], other._entries[j]);
            var order = mine.Incarnation.CompareTo(theirs.Incarnation);
            joined[n++] = order < 0 || (order == 0 && mine.Counter >= theirs.Counter) ? mine : theirs;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        n += CopyRest(_entries, i, joined, n);
        n += CopyRest(other._entries, j, joined, n);
        return new VersionVector(joined.AsSpan(0, n).ToArray());
    }

    /// <summary>The vector that also knows one incarnation's events up to a dot.</summary>
    public VersionVector With(Dot dot) => Covers(dot) ? this : Join(Of(dot));

    /// <summary>The vector that says nothing of one incarnation.</summary>
    public VersionVector Without(Incarnation incarnation) =>
        this[incarnation] == 0 ? this : new VersionVector(Array.FindAll(_entries, entry => entry.Incarnation != incarnation));

    public bool Equals(VersionVector? other) =>
        other is not null && (ReferenceEquals(this, other) || _entries.AsSpan().SequenceEqual(other._entries));

    public override bool Equals(object? obj) => Equals(obj as VersionVector);

    public override int GetHashCode() => (int)Fold(0);

    public override string ToString() => "{" + string.Join(", ", _entries) + "}";

    internal ulong Fold(ulong hash)
    {
        foreach (ref readonly var entry in _entries.AsSpan())
            hash = Mix64.Fold(hash, entry);
        return hash;
    }

    private static int CopyRest(Dot[] source, int from, Dot[] target, int at)
    {
        source.AsSpan(from).CopyTo(target.AsSpan(at));
        return source.Length - from;
    }
}
