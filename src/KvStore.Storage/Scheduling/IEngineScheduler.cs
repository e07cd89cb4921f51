namespace KvStore.Storage.Scheduling;

/// <summary>Kinds of background work, so that one never waits behind another.</summary>
public enum JobLane
{
    /// <summary>Syncs of the log and telling of them: somebody waits for each.</summary>
    Commit,

    /// <summary>Memtables to tables, new log segments: writers wait for these before long.</summary>
    Flush,

    /// <summary>Merging tables: may take long.</summary>
    Compaction,
}

/// <summary>
/// The engine's only source of threads, timers, time and waiting. <see cref="ThreadedScheduler"/> is the real one;
/// <see cref="ManualScheduler"/> runs everything on the calling thread, in an order that depends on nothing but the calls.
/// </summary>
public interface IEngineScheduler : IDisposable
{
    /// <summary>Monotonic time since some start.</summary>
    TimeSpan Now { get; }

    /// <summary>Has a job run later, never inside this call. A job must not throw.</summary>
    void Enqueue(JobLane lane, Action job);

    /// <summary>Has a job run after a delay.</summary>
    /// <returns>Disposing it drops the job if it has not begun.</returns>
    IDisposable After(TimeSpan delay, JobLane lane, Action job);

    /// <summary>Waits on a gate that the caller has locked, until <see cref="Wake"/> or the time is up. Wakes without reason are
    /// allowed: the caller looks at its condition again.</summary>
    void Wait(object gate, TimeSpan atMost);

    /// <summary>Wakes everybody who waits on a gate that the caller has locked.</summary>
    void Wake(object gate);

    /// <summary>Lets time pass: blocks the thread, or moves the simulated clock.</summary>
    void Sleep(TimeSpan time);
}
