using KvStore.Core.Identity;

namespace KvStore.Core.Coordination;

/// <summary>How one read is to be done.</summary>
public sealed record ReadOptions
{
    /// <summary>What is left of the client's budget.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How many replicas to ask at first, R and PR at least; the others when these do not make up the quorum, or differ.</summary>
    public int AskFirst { get; init; } = int.MaxValue;

    /// <summary>Who is asked before the others where it is an owner: the node that coordinates.</summary>
    public NodeId? Nearest { get; init; }

    /// <summary>When a slow replica is helped by asking one more; zero for never.</summary>
    public TimeSpan HedgeAfter { get; init; }

    /// <summary>
    /// Repair before the answer: what this read shows, no later read with the same numbers misses. Costs a round when replicas
    /// differ.
    /// </summary>
    public bool Monotonic { get; init; }
}
