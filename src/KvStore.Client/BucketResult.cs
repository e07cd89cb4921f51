namespace KvStore.Client;

/// <summary>What became of a change of a bucket. A failure of the cluster is a status, not an exception.</summary>
public sealed record BucketResult
{
    /// <summary>
    /// Done: decided, and every node that can be reached follows. Not done: nothing was changed. Unknown: it may be decided, now or later.
    /// </summary>
    public required WriteStatus Status { get; init; }

    /// <summary>In words, what is wrong and what to do; as a rule empty when done.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Whether it is done.</summary>
    public bool IsDone => Status == WriteStatus.Done;
}
