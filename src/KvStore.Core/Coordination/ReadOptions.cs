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

    /// <summary>When replicas are slow, and those that were not asked at first are; zero for never.</summary>
    public TimeSpan HedgeAfter { get; init; }

    /// <summary>When another is asked in the place of each replica that has said nothing; not later than <see cref="HedgeAfter"/> for then.</summary>
    public TimeSpan ReplaceAfter { get; init; }

    /// <summary>
    /// Repair before the answer: what this read shows, no later read with the same numbers misses. Costs a round when replicas
    /// differ.
    /// </summary>
    public bool Monotonic { get; init; }
}
