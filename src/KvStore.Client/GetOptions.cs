using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Client;

/// <summary>What one read asks for beyond the defaults.</summary>
public sealed record GetOptions
{
    /// <summary>No wishes.</summary>
    public static readonly GetOptions Default = new();

    /// <summary>The bucket; null for the client's.</summary>
    public BucketName? Bucket { get; init; }

    /// <summary>How many replicas are asked and needed; null for the bucket's numbers.</summary>
    public Quorum? Quorum { get; init; }

    /// <summary>Whether what is shown is repaired before the answer, so that no later read with the same numbers misses it.</summary>
    public bool Monotonic { get; init; }

    /// <summary>The session that this read belongs to; null for none.</summary>
    public KvSession? Session { get; init; }

    /// <summary>What it may take; null for the client's <see cref="KvClientOptions.RequestTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}
