namespace KvStore.Core.Identity;

/// <summary>Bucket and key together: the full name of one object, and what is hashed to place it.</summary>
public readonly record struct BucketKey(BucketName Bucket, Key Key) : IComparable<BucketKey>
{
    /// <summary>By bucket, then by key: the order within a partition.</summary>
    public int CompareTo(BucketKey other)
    {
        var byBucket = Bucket.CompareTo(other.Bucket);
        return byBucket != 0 ? byBucket : Key.CompareTo(other.Key);
    }

    public static bool operator <(BucketKey a, BucketKey b) => a.CompareTo(b) < 0;

    public static bool operator >(BucketKey a, BucketKey b) => a.CompareTo(b) > 0;

    public static bool operator <=(BucketKey a, BucketKey b) => a.CompareTo(b) <= 0;

    public static bool operator >=(BucketKey a, BucketKey b) => a.CompareTo(b) >= 0;

    public override string ToString() => $"{Bucket}/{Key}";
}
