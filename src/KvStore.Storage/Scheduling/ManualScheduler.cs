namespace KvStore.Storage.Scheduling;

/// <summary>
/// No threads: jobs run when somebody calls <see cref="RunOne"/>, or inside <see cref="Wait"/> when the engine has to wait for
/// one. Time moves only by <see cref="Sleep"/>, <see cref="Advance"/> and waits with nothing to run. One thread. The same calls
/// give the same order, so a store on this and on a memory file system is deterministic.
/// </summary>
public sealed class ManualScheduler : IEngineScheduler
{
    private readonly Queue<Action> _flushes = new();
    private readonly Queue<Action> _compactions = new();
    private readonly PriorityQueue<Delayed, (TimeSpan Due, long Order)> _timers = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    /// <summary>Jobs that could run now.</summary>
    public int Pending => _flushes.Count + _compactions.Count;

    public void Enqueue(JobLane lane, Action job) => (lane == JobLane.Flush ? _flushes : _compactions).Enqueue(job);

    public IDisposable After(TimeSpan delay, Action job)
    {
        var delayed = new Delayed(job);
        _timers.Enqueue(delayed, (Now + delay, _order++));
        return delayed;
    }

    /// <summary>Runs the next job, flushes first.</summary>
    /// <returns>False when there was none.</returns>
    public bool RunOne()
    {
        if (!_flushes.TryDequeue(out Action? job) && !_compactions.TryDequeue(out job))
            return false;
        job();
        return true;
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
                Enqueue(JobLane.Flush, job);
        }

        Now = end;
    }

    public void Wait(object gate, TimeSpan atMost)
    {
        if (!RunOne())
            Advance(atMost);
    }

    public void Wake(object gate)
    {
    }

    public void Sleep(TimeSpan time) => Advance(time);

    public void Dispose()
    {
        _flushes.Clear();
        _compactions.Clear();
        _timers.Clear();
    }

    private sealed class Delayed(Action job) : IDisposable
    {
        public Action? Job { get; private set; } = job;

        public void Dispose() => Job = null;
    }
}
