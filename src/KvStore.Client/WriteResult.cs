using KvStore.Core.Coordination;

namespace KvStore.Client;

/// <summary>A write's answer. A failure of the cluster is a status, not an exception.</summary>
public sealed record WriteResult
{
    /// <summary>Done, not done, or unknown.</summary>
    public required WriteStatus Status { get; init; }

    /// <summary>What the coordinating replica holds after the write, for another write that is based on this one.</summary>
    public CausalToken Context { get; init; }

    /// <summary>Which replicas have acknowledged.</summary>
    public OperationTally Tally { get; init; }

    /// <summary>How many times nodes were asked.</summary>
    public int Attempts { get; init; }

    /// <summary>In words, what went wrong, whether anything was changed, and what to do; empty when done.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Whether it is done.</summary>
    public bool IsDone => Status == WriteStatus.Done;
}
