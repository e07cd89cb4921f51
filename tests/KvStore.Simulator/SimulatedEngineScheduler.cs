using KvStore.Storage.Scheduling;
using Troupe.Platform;

namespace KvStore.Simulator;

/// <summary>
/// An engine's work as steps of the node's process: syncs, flushes and merges take virtual time, and end with the process. Where the engine
/// has to wait, the work that it waits for is done at once.
/// <para>Owner: one engine. Thread rule: the simulation's thread.</para>
/// </summary>
public sealed class SimulatedEngineScheduler(Seams seams) : IEngineScheduler
{
    private const int ShortestMicroseconds = 20;
    private const int LongestMicroseconds = 4_000;

    private readonly Queue<Action>[] _lanes = [.. Enum.GetValues<JobLane>().Select(_ => new Queue<Action>())];
    private bool _isDisposed;

    public TimeSpan Now => seams.Clock.Monotonic;

    /// <summary>Jobs of one lane run in their order, each after a time drawn for it.</summary>
    public void Enqueue(JobLane lane, Action job)
    {
        _lanes[(int)lane].Enqueue(job);
        var takes = TimeSpan.FromMicroseconds(ShortestMicroseconds + seams.Entropy.Next(LongestMicroseconds));
        seams.Timers.Schedule(takes, _ => RunOne(lane), null);
    }

    public IDisposable After(TimeSpan delay, JobLane lane, Action job)
    {
        var timer = new Delayed(job);
        seams.Timers.Schedule(delay, _ =>
        {
            if (timer.Job is { } due && !_isDisposed) Enqueue(lane, due);
        }, null);
        return timer;
    }

    public void Wait(object gate, TimeSpan atMost)
    {
        foreach (var lane in Enum.GetValues<JobLane>())
            if (RunOne(lane)) return;
        throw new InvalidOperationException("The engine waits for work that nobody has to do: a simulated process would hang here.");
    }

    public void Wake(object gate)
    {
        // Nobody sleeps: whoever waits has done the work himself.
    }

    /// <summary>The one thread of the simulation must not stand still; virtual time passes elsewhere.</summary>
    public void Sleep(TimeSpan time)
    {
        // See above.
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (var lane in _lanes) lane.Clear();
    }

    private bool RunOne(JobLane lane)
    {
        if (!_lanes[(int)lane].TryDequeue(out var job)) return false;
        job();
        return true;
    }

    private sealed class Delayed(Action job) : IDisposable
    {
        public Action? Job { get; private set; } = job;

        public void Dispose() => Job = null;
    }
}
