using KvStore.Core.Causality;

namespace KvStore.Core.Coordination;

/// <summary>What a read came to.</summary>
public enum GetResult : byte
{
    /// <summary>Enough replicas answered; the state may be empty or deleted.</summary>
    Done = 0,

    /// <summary>Too few can answer. Nothing is known of the key.</summary>
    QuorumImpossible = 1,

    /// <summary>Too few answered in time.</summary>
    Timeout = 2,
}

/// <summary>A read's answer: given exactly once.</summary>
/// <param name="Result">Whether the quorum was met.</param>
/// <param name="State">The join of what was answered; <see cref="SiblingSet.Empty"/> when there is nothing, or not done.</param>
/// <param name="Tally">Who answered until now.</param>
public sealed record GetOutcome(GetResult Result, SiblingSet State, OperationTally Tally);
