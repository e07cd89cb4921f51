namespace KvStore.Core.Replication;

/// <summary>Bounds of one replica. Those on objects hold on the clients' path only: healing must never be refused.</summary>
public sealed record ReplicaOptions
{
    /// <summary>The most siblings that a client's write may leave.</summary>
    public int MaxSiblings { get; init; } = 100;

    /// <summary>
    /// The most bytes of all siblings' values together that a client's write may leave. Coordinators that are cut off from each other may each
    /// let a key grow so far: four times this can travel, clocks included.
    /// </summary>
    public long MaxObjectBytes { get; init; } = 6 << 20;

    /// <summary>The most requests under way; more are answered <c>Busy</c>.</summary>
    public int MaxPending { get; init; } = 10_000;

    /// <summary>How many counters are leased at a time; each lease is one synced write.</summary>
    public ulong LeaseBlock { get; init; } = 65_536;

    /// <summary>
    /// How many client operations are remembered, so that a retry is not applied again after it was superseded.
    /// </summary>
    public int RememberedRequests { get; init; } = 20_000;

    /// <summary>How long they are remembered.</summary>
    public TimeSpan RememberRequestsFor { get; init; } = TimeSpan.FromMinutes(10);
}
