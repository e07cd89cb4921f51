namespace Troupe.Platform;

/// <summary>One-shot timers; everything periodic is built on them.</summary>
public interface ITimers
{
    /// <summary>
    /// Calls <paramref name="callback"/> once after <paramref name="delay"/> (rounded up to the tick), on a thread of the
    /// timer's.
    /// The callback is brief (it tells an actor or queues a work item) and must not throw: that would be our own bug, and ends
    /// the process.
    /// </summary>
    ITimerHandle Schedule(TimeSpan delay, Action<object?> callback, object? state);
}
