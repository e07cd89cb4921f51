namespace KvStore.Core.Handoff;

/// <summary>How a partition is streamed.</summary>
public sealed record HandoffOptions
{
    /// <summary>About how many bytes go into a batch.</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>How many batches may be on their way unacknowledged.</summary>
    public int Window { get; init; } = 4;

    /// <summary>How long the receiver waits for the next batch before it asks again from where it is.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
