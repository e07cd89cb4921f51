namespace KvStore.Storage.Scheduling;

/// <summary>
/// No threads: jobs run when somebody calls <see cref="RunOne"/>, or inside <see cref="Wait"/> when the engine has to wait for
/// one. Time moves only by <see cref="Sleep"/>, <see cref="Advance"/> and waits with nothing to run. One thread. The same calls
/// give the same order, so a store on this and on a memory file system is deterministic.
/// </summary>
public sealed class ManualScheduler : IEngineScheduler
{
    private readonly Queue<Action>[] _lanes = [.. Enum.GetValues<JobLane>().Select(_ => new Queue<Action>())];
    private readonly PriorityQueue<Delayed, (TimeSpan Due, long Order)> _timers = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    /// <summary>Jobs that could run now.</summary>
    public int Pending => _lanes.Sum(lane => lane.Count);

    public void Enqueue(JobLane lane, Action job) => _lanes[(int)lane].Enqueue(job);

    public IDisposable After(TimeSpan delay, JobLane lane, Action job)
    {
        var delayed = new Delayed(lane, job);
        _timers.Enqueue(delayed, (Now + delay, _order++));
        return delayed;
    }

    /// <summary>Runs the next job: commits first, then flushes.</summary>
    /// <returns>False when there was none.</returns>
    public bool RunOne()
    {
        foreach (Queue<Action> lane in _lanes)
        {
            if (!lane.TryDequeue(out Action? job))
                continue;
            job();
            return true;
        }

        return false;
    }

    public void RunAll()
    {
        while (RunOne())
        {
        }
    }

    /// <summary>Moves time, letting timers that fall due enqueue their jobs in order.</summary>
    public void Advance(TimeSpan time)
    {
        TimeSpan end = Now + time;
        while (_timers.TryPeek(out Delayed? next, out (TimeSpan Due, long Order) at) && at.Due <= end)
        {
            _timers.Dequeue();
            Now = at.Due;
            if (next.Job is { } job)
                Enqueue(next.Lane, job);
        }

        Now = end;
    }

    public void Wait(object gate, TimeSpan atMost)
    {
        if (RunOne())
            return;
        if (atMost != Timeout.InfiniteTimeSpan)
            Advance(atMost);
        else if (_timers.TryPeek(out _, out (TimeSpan Due, long Order) next))
            Advance(next.Due > Now ? next.Due - Now : TimeSpan.Zero);
        else
            throw new InvalidOperationException("The engine waits for a job, and there is none: nothing would ever wake it.");
    }

    public void Wake(object gate)
    {
    }

    public void Sleep(TimeSpan time) => Advance(time);

    public void Dispose()
    {
        foreach (Queue<Action> lane in _lanes)
            lane.Clear();
        _timers.Clear();
    }

    private sealed class Delayed(JobLane lane, Action job) : IDisposable
    {
        public JobLane Lane => lane;

        public Action? Job { get; private set; } = job;

        public void Dispose() => Job = null;
    }
}
