using KvStore.Core.Identity;

namespace KvStore.Client;

/// <summary>How a <see cref="KvClient"/> goes about its work. Immutable.</summary>
public sealed record KvClientOptions
{
    /// <summary>All defaults.</summary>
    public static readonly KvClientOptions Default = new();

    /// <summary>The name of the cluster's actor systems, for contact points that are given as HOST:PORT.</summary>
    public string ClusterName { get; init; } = "kv";

    /// <summary>
    /// Where nodes show certificates: a PKCS #12 file without a password, with a certificate, its key, and the cluster's authority, as <c>kv cert node</c>
    /// makes it; null where they show none. Whoever has such a file is trusted as a node. A caller's own actor system has settings of its own.
    /// </summary>
    public string? CertificateFile { get; init; }

    /// <summary>How long <see cref="KvClient.ConnectAsync(IEnumerable{string}, KvClientOptions?, CancellationToken)"/> looks for a node.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What a request may take with all its attempts, unless it says otherwise; at most a minute.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one node is waited for before another one is asked.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Attempts of one request, the first one and hedges included.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// Whether a read that is slow against the others (slower than 19 out of 20) is asked of a second node as well.
    /// After Dean and Barroso, "The Tail at Scale" (2013).
    /// </summary>
    public bool HedgeReads { get; init; } = true;

    /// <summary>
    /// Attempts beyond the first, retries and hedges, as a share of all requests: a cluster in trouble is not asked several times as much.
    /// Ten a second are always allowed.
    /// </summary>
    public double RetryShare { get; init; } = 0.2;

    /// <summary>Requests without an answer at one time; one more ends at once as <see cref="ReadStatus.Busy"/> or not done.</summary>
    public int MaxInFlight { get; init; } = 4096;

    /// <summary>How often the ring is asked for. A client with an old ring costs the nodes a hop, and nothing else.</summary>
    public TimeSpan RingRefresh { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest value that is sent, in bytes; as the nodes have it in <c>kv-store.limits.value-bytes</c>.</summary>
    public int MaxValueBytes { get; init; } = 1024 * 1024;

    /// <summary>The bucket of requests that name none.</summary>
    public BucketName Bucket { get; init; } = BucketName.Default;

    /// <exception cref="ArgumentException">A value is out of its range; the message says which and what it may be.</exception>
    internal KvClientOptions Checked()
    {
        Require(RequestTimeout > TimeSpan.Zero && RequestTimeout <= TimeSpan.FromMinutes(1), "RequestTimeout is above zero and at most a minute.");
        Require(AttemptTimeout > TimeSpan.Zero, "AttemptTimeout is above zero.");
        Require(ConnectTimeout > TimeSpan.Zero, "ConnectTimeout is above zero.");
        Require(RingRefresh > TimeSpan.Zero, "RingRefresh is above zero.");
        Require(MaxAttempts is >= 1 and <= 20, "MaxAttempts is 1 to 20.");
        Require(MaxInFlight is >= 1 and <= 1_000_000, "MaxInFlight is 1 to 1,000,000.");
        Require(RetryShare is >= 0 and <= 1, "RetryShare is 0 to 1.");
        Require(MaxValueBytes is >= 1 and <= 4 * 1024 * 1024, "MaxValueBytes is 1 byte to 4 MiB.");
        Require(!string.IsNullOrWhiteSpace(ClusterName), "ClusterName is not empty.");
        return this;
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new ArgumentException(rule);
    }
}
