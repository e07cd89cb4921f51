namespace KvStore.Core.Links;

/// <summary>How messages to one peer are gathered, and how much of them may be under way.</summary>
public sealed record LinkOptions
{
    /// <summary>How long a message is gathered at most while batches are in flight.</summary>
    public TimeSpan MaxGather { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A batch of so many bytes is sent, whatever is in flight; a larger message goes in parts of this size.</summary>
    public int MaxBatchBytes { get; init; } = 256 * 1024;

    /// <summary>A batch of so many messages is sent, whatever is in flight.</summary>
    public int MaxBatchItems { get; init; } = 1024;

    /// <summary>
    /// So many batches may be in flight before messages are gathered. Only the batch that fills the line asks for an acknowledgement, the
    /// others' come with whatever the peer sends: a question and its answer alone cost two messages.
    /// </summary>
    public int MaxInFlight { get; init; } = 4;

    /// <summary>Questions to one peer that may wait for their answers; one more is refused at once.</summary>
    public int MaxAsks { get; init; } = 4096;

    /// <summary>Bytes to one peer that may be queued or unacknowledged; what would exceed them is refused at once.</summary>
    public long MaxBytes { get; init; } = 32L << 20;

    /// <summary>No question waits longer, whatever budget it came with.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the peer is greeted until it greets back; after two of these it counts as out of reach.</summary>
    public TimeSpan GreetEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most that two machines' clocks drift apart, as a share of the time that passes. Linux slews a clock by no more.</summary>
    public double MaxDrift { get; init; } = 500e-6;
}
