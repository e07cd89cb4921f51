using KvStore.Core.Causality;

namespace KvStore.Core.Coordination;

/// <summary>What became of a write.</summary>
public enum PutResult : byte
{
    /// <summary>It is applied: as many replicas as asked for have it.</summary>
    Done = 0,

    /// <summary>It is surely not applied, and never will be.</summary>
    NotDone = 1,

    /// <summary>It may be on some replicas and then spreads, or be lost. A retry with the same request id is safe.</summary>
    Unknown = 2,
}

/// <summary>Why a write was not done, or is unknown.</summary>
public enum PutReason : byte
{
    /// <summary>It was done.</summary>
    None = 0,

    /// <summary>The coordinating replica refused it; see <see cref="PutOutcome.Refusal"/>.</summary>
    Refused = 1,

    /// <summary>Too few replicas can be reached to meet the quorum.</summary>
    QuorumImpossible = 2,

    /// <summary>The deadline passed first.</summary>
    Timeout = 3,
}

/// <summary>A write's answer: given exactly once.</summary>
/// <param name="Result">Done, not done or unknown.</param>
/// <param name="Reason">Why it was not done or is unknown.</param>
/// <param name="Refusal">What the coordinating replica said, when it refused.</param>
/// <param name="Tally">Who acknowledged until now.</param>
/// <param name="Dot">The write's dot; null when none was minted.</param>
/// <param name="State">What the coordinating replica holds after the write, for the context and the sibling count; null when not
/// done.</param>
public sealed record PutOutcome(
    PutResult Result, PutReason Reason, Refusal Refusal, OperationTally Tally, Dot? Dot, SiblingSet? State);
