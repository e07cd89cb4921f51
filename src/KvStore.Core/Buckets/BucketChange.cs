using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Buckets;

/// <summary>A change to one bucket, as an operator or a door asks for it; it takes effect with the ring of the next epoch.</summary>
public abstract record BucketChange(BucketName Name)
{
    /// <summary>A new bucket.</summary>
    public sealed record Create(BucketName Name, BucketPolicy Policy, Quorum Quorum, TimeSpan? DefaultTtl = null) : BucketChange(Name)
    {
        public override string ToString() => $"create {Name}";
    }

    /// <summary>Other numbers for requests that name none of their own; N stays. Values written before keep their expiry.</summary>
    public sealed record Alter(BucketName Name, Quorum Quorum, TimeSpan? DefaultTtl) : BucketChange(Name)
    {
        public override string ToString() => $"alter {Name}";
    }

    /// <summary>The bucket goes, with everything in it.</summary>
    public sealed record Drop(BucketName Name) : BucketChange(Name)
    {
        public override string ToString() => $"drop {Name}";
    }

    /// <summary>Everything in the bucket goes; the bucket stays, as it is from the epoch of the change on.</summary>
    public sealed record Empty(BucketName Name) : BucketChange(Name)
    {
        public override string ToString() => $"empty {Name}";
    }
}
