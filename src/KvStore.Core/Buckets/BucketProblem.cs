namespace KvStore.Core.Buckets;

/// <summary>Which rule a change to a bucket breaks.</summary>
public enum BucketProblem
{
    /// <summary>There is a bucket of that name.</summary>
    Exists = 1,

    /// <summary>There is none.</summary>
    Unknown = 2,

    /// <summary>N cannot be changed.</summary>
    CopiesFixed = 3,

    /// <summary>The bucket is the store's own.</summary>
    Reserved = 4,

    /// <summary>A number, the policy or the time to live is not allowed.</summary>
    Invalid = 5,

    /// <summary>There are as many buckets as a cluster may have.</summary>
    TooMany = 6,

    /// <summary>Partitions are on the move, and streams may carry what is to go.</summary>
    Moving = 7,
}
