using System.Globalization;

namespace KvStore.Core.Causality;

/// <summary>
/// A point of hybrid logical time: 48 bits of milliseconds since 1970 and 16 bits that count events within one millisecond.
/// Later in causality is later in this order, whatever the wall clocks did.
/// </summary>
/// <param name="Value">Milliseconds in the upper 48 bits, the count in the lower 16.</param>
public readonly record struct HybridTimestamp(ulong Value) : IComparable<HybridTimestamp>
{
    /// <summary>Before every event; what a version of a bucket without timestamps carries.</summary>
    public static readonly HybridTimestamp None;

    /// <summary>The first instant of a millisecond (since 1970, UTC).</summary>
    public static HybridTimestamp AtMilliseconds(long milliseconds) => new((ulong)Math.Max(0, milliseconds) << 16);

    /// <summary>Its milliseconds since 1970, UTC.</summary>
    public long Milliseconds => (long)(Value >> 16);

    public int CompareTo(HybridTimestamp other) => Value.CompareTo(other.Value);

    public static bool operator <(HybridTimestamp a, HybridTimestamp b) => a.Value < b.Value;

    public static bool operator >(HybridTimestamp a, HybridTimestamp b) => a.Value > b.Value;

    public static bool operator <=(HybridTimestamp a, HybridTimestamp b) => a.Value <= b.Value;

    public static bool operator >=(HybridTimestamp a, HybridTimestamp b) => a.Value >= b.Value;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}.{Value & 0xFFFF}");
}
