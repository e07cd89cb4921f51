using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Client;

/// <summary>What one write asks for beyond the defaults.</summary>
public sealed record PutOptions
{
    /// <summary>No wishes.</summary>
    public static readonly PutOptions Default = new();

    /// <summary>The bucket; null for the client's.</summary>
    public BucketName? Bucket { get; init; }

    /// <summary>How many replicas are asked and needed; null for the bucket's numbers.</summary>
    public Quorum? Quorum { get; init; }

    /// <summary>When the value expires, to the millisecond; null for the bucket's time to live.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The session that this write belongs to; null for none.</summary>
    public KvSession? Session { get; init; }

    /// <summary>What it may take; null for the client's <see cref="KvClientOptions.RequestTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}
