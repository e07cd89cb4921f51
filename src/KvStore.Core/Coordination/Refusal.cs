namespace KvStore.Core.Coordination;

/// <summary>Why a replica did not do what it was asked. Nothing was changed by the refused message.</summary>
public enum Refusal : byte
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>The message carries an older ring epoch than this partition's fence; the answer carries the newer one.</summary>
    StaleEpoch = 1,

    /// <summary>
    /// The replica has no durable counter lease yet, or has yet to learn of the message's ring epoch; soon it will.
    /// </summary>
    NotReady = 2,

    /// <summary>Too much is under way; try again.</summary>
    Busy = 3,

    /// <summary>The write would leave more siblings than are allowed. Read, merge and write with the context.</summary>
    TooManySiblings = 4,

    /// <summary>The object with all its siblings would be too large.</summary>
    TooLarge = 5,

    /// <summary>The causal context knows events that never were: it comes from another history of this data.</summary>
    ContextFromFuture = 6,

    /// <summary>What is kept under the key cannot be read; it is repaired from other replicas.</summary>
    Unreadable = 7,

    /// <summary>The node could not be reached, or the connection broke before an answer.</summary>
    Unreachable = 8,

    /// <summary>The storage failed with the write under way: it may or may not be there after its restart.</summary>
    StorageLost = 9,

    /// <summary>The message's deadline had passed before anything was done.</summary>
    Expired = 10,

    /// <summary>
    /// This request was applied here before, as a stand-in, and its copy has been handed on: an owner knows what became of it.
    /// </summary>
    HandedOn = 11,
}
