using System.Globalization;

namespace KvStore.Core.Identity;

/// <summary>
/// The number of one ring configuration, carried by every replica message. Epochs are ordered by generation first: a ring
/// that was recovered after its majority was lost starts a new generation, and nothing of the old one outranks it.
/// </summary>
/// <param name="Generation">1 for a cluster that was never recovered; raised only by recovery.</param>
/// <param name="Number">Counts up by one for each agreed ring, across generations too; the first ring is 1.</param>
public readonly record struct RingEpoch(uint Generation, ulong Number) : IComparable<RingEpoch>
{
    /// <summary>Before any ring: what a node that has never been admitted knows.</summary>
    public static readonly RingEpoch None;

    /// <summary>The ring that a cluster is created with.</summary>
    public static readonly RingEpoch First = new(1, 1);

    /// <summary>Whether there is no ring yet.</summary>
    public bool IsNone => Number == 0;

    /// <summary>The epoch that follows this one in the same generation.</summary>
    public RingEpoch Next() => this with { Number = Number + 1 };

    public int CompareTo(RingEpoch other) =>
        Generation != other.Generation ? Generation.CompareTo(other.Generation) : Number.CompareTo(other.Number);

    public static bool operator <(RingEpoch a, RingEpoch b) => a.CompareTo(b) < 0;

    public static bool operator >(RingEpoch a, RingEpoch b) => a.CompareTo(b) > 0;

    public static bool operator <=(RingEpoch a, RingEpoch b) => a.CompareTo(b) <= 0;

    public static bool operator >=(RingEpoch a, RingEpoch b) => a.CompareTo(b) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Generation}.{Number}");
}
