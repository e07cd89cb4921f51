namespace KvStore.Core.Registers;

/// <summary>How an operation on a strong key ended; exactly one for each.</summary>
public abstract record RegisterOutcome
{
    private RegisterOutcome()
    {
    }

    /// <summary>Done: a read, or a change that took effect once. <paramref name="Value"/> is the value right after it.</summary>
    public sealed record Done(RegisterValue Value, ulong Version) : RegisterOutcome;

    /// <summary>A compare-and-set found something else; nothing was changed. <paramref name="Value"/> is what it found.</summary>
    public sealed record Mismatch(RegisterValue Value) : RegisterOutcome;

    /// <summary>Surely not done: no acceptor was ever asked to take the new value.</summary>
    public sealed record NotDone(RegisterFailure Reason) : RegisterOutcome;

    /// <summary>It may have taken effect, now or later; the same request id may be tried again safely.</summary>
    public sealed record Unknown(RegisterFailure Reason) : RegisterOutcome;
}

/// <summary>Why an operation on a strong key has no result.</summary>
public enum RegisterFailure
{
    /// <summary>No majority answered before the deadline.</summary>
    NoMajority = 1,

    /// <summary>Other writers of the same key were faster until the deadline.</summary>
    Contention = 2,

    /// <summary>The ring has changed; the request must be sent again with the new one.</summary>
    StaleRing = 3,

    /// <summary>Too many changes were made, maybe since the first attempt, to tell whether it was one of them.</summary>
    TooManyChangesSince = 4,
}
