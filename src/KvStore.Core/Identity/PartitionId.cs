using System.Globalization;

namespace KvStore.Core.Identity;

/// <summary>One of the Q equal arcs of the ring: 0 to Q-1. What a partition covers never changes, only who owns it.</summary>
public readonly record struct PartitionId : IComparable<PartitionId>
{
    /// <summary>Q may not be larger than this.</summary>
    public const int MaxCount = 4096;

    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 to 4095.</exception>
    public PartitionId(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, MaxCount);
        Value = value;
    }

    /// <summary>The partition's place on the ring, counted from zero.</summary>
    public int Value { get; }

    public int CompareTo(PartitionId other) => Value.CompareTo(other.Value);

    public static bool operator <(PartitionId a, PartitionId b) => a.Value < b.Value;

    public static bool operator >(PartitionId a, PartitionId b) => a.Value > b.Value;

    public static bool operator <=(PartitionId a, PartitionId b) => a.Value <= b.Value;

    public static bool operator >=(PartitionId a, PartitionId b) => a.Value >= b.Value;

    /// <summary><c>p-17</c>, as in actor names and consoles.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p-{Value}");
}
