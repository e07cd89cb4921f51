namespace KvStore.Core.Coordination;

/// <summary>How one read is to be done.</summary>
public sealed record ReadOptions
{
    /// <summary>What is left of the client's budget.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How many replicas to ask at first; the others when one fails or is slow. All N unless smaller.</summary>
    public int AskFirst { get; init; } = int.MaxValue;

    /// <summary>When a slow replica is helped by asking one more; zero for never.</summary>
    public TimeSpan HedgeAfter { get; init; }

    /// <summary>
    /// Repair before the answer: what this read shows, no later read with the same numbers misses. Costs a round when replicas
    /// differ.
    /// </summary>
    public bool Monotonic { get; init; }
}
