using System.Globalization;
using System.Numerics;
using System.Text;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// A position on the ring: the <see cref="StableHash"/> of <c>bucket, 0x00, key</c> (a bucket name has no zero byte, so no two
/// objects share that form). The highest bits are the partition: the ring is cut into Q equal arcs.
/// </summary>
public readonly record struct Token(ulong Value) : IComparable<Token>
{
    /// <summary>Where an object lies.</summary>
    public static Token Of(BucketKey name)
    {
        var bucket = name.Bucket.Value;
        Span<byte> bytes = stackalloc byte[BucketName.MaxLength + 1 + Key.MaxLength];
        var length = Encoding.ASCII.GetBytes(bucket, bytes);
        bytes[length++] = 0;
        name.Key.Span.CopyTo(bytes[length..]);
        return new Token(StableHash.Of(bytes[..(length + name.Key.Length)]));
    }

    /// <summary>The partition among <paramref name="partitionCount"/> (a power of two) that contains this position.</summary>
    public PartitionId PartitionOf(int partitionCount) =>
        new((int)(Value >> (64 - BitOperations.Log2((uint)partitionCount))));

    public int CompareTo(Token other) => Value.CompareTo(other.Value);

    public static bool operator <(Token a, Token b) => a.Value < b.Value;

    public static bool operator >(Token a, Token b) => a.Value > b.Value;

    public static bool operator <=(Token a, Token b) => a.Value <= b.Value;

    public static bool operator >=(Token a, Token b) => a.Value >= b.Value;

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
