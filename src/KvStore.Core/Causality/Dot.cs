using System.Globalization;
using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>
/// The name of exactly one write: the n-th that one incarnation minted in its partition. No dot ever names two values.
/// As an entry of a <see cref="VersionVector"/> it claims every event of that incarnation up to the counter.
/// </summary>
/// <param name="Incarnation">Who minted it.</param>
/// <param name="Counter">1 for an incarnation's first write; 0 is no event.</param>
public readonly record struct Dot(Incarnation Incarnation, ulong Counter) : IComparable<Dot>
{
    /// <summary>By incarnation, then by counter: the order in which a set keeps its siblings.</summary>
    public int CompareTo(Dot other)
    {
        var byIncarnation = Incarnation.CompareTo(other.Incarnation);
        return byIncarnation != 0 ? byIncarnation : Counter.CompareTo(other.Counter);
    }

    public static bool operator <(Dot a, Dot b) => a.CompareTo(b) < 0;

    public static bool operator >(Dot a, Dot b) => a.CompareTo(b) > 0;

    public static bool operator <=(Dot a, Dot b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Dot a, Dot b) => a.CompareTo(b) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Incarnation}:{Counter}");
}
