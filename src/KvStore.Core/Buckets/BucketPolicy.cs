using KvStore.Core.Causality;

namespace KvStore.Core.Buckets;

/// <summary>What a bucket does with concurrent writes. Fixed when it is created: the three keep different things of a key.</summary>
public enum BucketPolicy : byte
{
    /// <summary>All are kept and shown: <see cref="ConflictPolicy.Siblings"/>.</summary>
    Siblings = 0,

    /// <summary>The latest timestamp wins: <see cref="ConflictPolicy.LastWriterWins"/>.</summary>
    LastWriterWins = 1,

    /// <summary>There are none: each key is a Paxos register.</summary>
    Strong = 2,
}
