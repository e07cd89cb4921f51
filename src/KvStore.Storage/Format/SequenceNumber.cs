namespace KvStore.Storage.Format;

/// <summary>
/// The place of one write in the order of all writes of one store. The first write has number 1; a later write has a
/// higher number; 0 is "before everything". Numbers fit in 56 bits, so that one and its <see cref="ValueKind"/> share
/// eight bytes (<see cref="InternalKey"/>). A read at number n sees exactly the writes numbered 1..n.
/// </summary>
public readonly record struct SequenceNumber(ulong Value) : IComparable<SequenceNumber>
{
    /// <summary>Before every write.</summary>
    public static readonly SequenceNumber Zero = new(0);

    /// <summary>Above every write: a read at this number sees all there is.</summary>
    public static readonly SequenceNumber Max = new((1UL << 56) - 1);

    public int CompareTo(SequenceNumber other) => Value.CompareTo(other.Value);

    public static bool operator <(SequenceNumber left, SequenceNumber right) => left.Value < right.Value;

    public static bool operator >(SequenceNumber left, SequenceNumber right) => left.Value > right.Value;

    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left.Value <= right.Value;

    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left.Value >= right.Value;

    public static SequenceNumber operator +(SequenceNumber left, ulong count) => new(left.Value + count);

    public static SequenceNumber Add(SequenceNumber left, ulong count) => left + count;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
