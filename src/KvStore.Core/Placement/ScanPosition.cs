using System.Globalization;
using System.Numerics;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// Where a walk over all keys stands: keys are walked in the order of their tokens, and this one's first 52 bits say where it goes on. 52, so that
/// clients which keep numbers as floating point keep it whole. Zero is the beginning.
/// </summary>
public readonly record struct ScanPosition : IComparable<ScanPosition>
{
    private const int Bits = 52;
    private const int Dropped = 64 - Bits;

    /// <summary>The last one there is.</summary>
    public const ulong MaxValue = (1UL << Bits) - 1;

    /// <summary>Before all keys.</summary>
    public static readonly ScanPosition Start;

    /// <exception cref="ArgumentOutOfRangeException">The value is above <see cref="MaxValue"/>.</exception>
    public ScanPosition(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        Value = value;
    }

    /// <summary>The number, for a cursor.</summary>
    public ulong Value { get; }

    /// <summary>The first token of the walk that is still to come.</summary>
    public Token First => new(Value << Dropped);

    /// <summary>The position that a key is met at.</summary>
    public static ScanPosition Of(BucketKey name) => new(Token.Of(name).Value >> Dropped);

    /// <summary>Where a partition begins.</summary>
    public static ScanPosition Of(PartitionId partition, int partitionCount) =>
        new((ulong)partition.Value << (Bits - BitOperations.Log2((uint)partitionCount)));

    public int CompareTo(ScanPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(ScanPosition a, ScanPosition b) => a.Value < b.Value;

    public static bool operator >(ScanPosition a, ScanPosition b) => a.Value > b.Value;

    public static bool operator <=(ScanPosition a, ScanPosition b) => a.Value <= b.Value;

    public static bool operator >=(ScanPosition a, ScanPosition b) => a.Value >= b.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
