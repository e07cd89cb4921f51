using System.Collections.Concurrent;
using System.Diagnostics;

namespace KvStore.Storage.Scheduling;

/// <summary>
/// Real threads: one for syncs, one for flushes, some for compactions. Owned by one store; disposing waits for what runs and drops
/// what has not begun.
/// </summary>
public sealed class ThreadedScheduler : IEngineScheduler
{
    private readonly BlockingCollection<Action>[] _lanes = [.. Enum.GetValues<JobLane>().Select(_ => new BlockingCollection<Action>())];
    private readonly List<Thread> _threads = [];
    private volatile bool _stopping;

    public ThreadedScheduler(int compactionThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(compactionThreads, 1);
        Start("kv-commit", JobLane.Commit);
        Start("kv-flush", JobLane.Flush);
        for (int i = 0; i < compactionThreads; i++)
            Start("kv-compaction", JobLane.Compaction);
    }

    public TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public void Enqueue(JobLane lane, Action job)
    {
        if (_stopping)
            return;
        try
        {
            _lanes[(int)lane].Add(job);
        }
        catch (InvalidOperationException) when (_stopping)
        {
            // Disposed between the look and the call: the job is dropped, as every job that has not begun.
        }
    }

    public IDisposable After(TimeSpan delay, JobLane lane, Action job)
    {
        // Made so, the timer is its own state, and lives until it fires: else the collector would cancel one that nobody holds.
        var timer = new Timer(_ => Enqueue(lane, job));
        timer.Change(delay, Timeout.InfiniteTimeSpan);
        return timer;
    }

    public void Wait(object gate, TimeSpan atMost) => Monitor.Wait(gate, atMost);

    public void Wake(object gate) => Monitor.PulseAll(gate);

    public void Sleep(TimeSpan time) => Thread.Sleep(time);

    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        foreach (BlockingCollection<Action> lane in _lanes)
            lane.CompleteAdding();
        foreach (Thread thread in _threads)
            thread.Join();
        foreach (BlockingCollection<Action> lane in _lanes)
            lane.Dispose();
    }

    private void Start(string name, JobLane lane)
    {
        BlockingCollection<Action> jobs = _lanes[(int)lane];
        var thread = new Thread(() =>
        {
            foreach (Action job in jobs.GetConsumingEnumerable())
            {
                if (!_stopping)
                    job();
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        _threads.Add(thread);
        thread.Start();
    }
}
