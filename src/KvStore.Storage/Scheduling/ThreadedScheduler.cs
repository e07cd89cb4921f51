using System.Collections.Concurrent;
using System.Diagnostics;

namespace KvStore.Storage.Scheduling;

/// <summary>
/// Real threads: one for flushes and syncs, some for compactions. Owned by one store; disposing waits for what runs and drops
/// what has not begun.
/// </summary>
public sealed class ThreadedScheduler : IEngineScheduler
{
    private readonly BlockingCollection<Action> _flushes = [];
    private readonly BlockingCollection<Action> _compactions = [];
    private readonly List<Thread> _threads = [];
    private volatile bool _stopping;

    public ThreadedScheduler(int compactionThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(compactionThreads, 1);
        Start("kv-flush", _flushes);
        for (int i = 0; i < compactionThreads; i++)
            Start("kv-compaction", _compactions);
    }

    public TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public void Enqueue(JobLane lane, Action job)
    {
        if (_stopping)
            return;
        try
        {
            (lane == JobLane.Flush ? _flushes : _compactions).Add(job);
        }
        catch (InvalidOperationException) when (_stopping)
        {
            // Disposed between the look and the call: the job is dropped, as every job that has not begun.
        }
    }

    public IDisposable After(TimeSpan delay, Action job) =>
        new Timer(_ => Enqueue(JobLane.Flush, job), null, delay, Timeout.InfiniteTimeSpan);

    public void Wait(object gate, TimeSpan atMost) => Monitor.Wait(gate, atMost);

    public void Wake(object gate) => Monitor.PulseAll(gate);

    public void Sleep(TimeSpan time) => Thread.Sleep(time);

    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _flushes.CompleteAdding();
        _compactions.CompleteAdding();
        foreach (Thread thread in _threads)
            thread.Join();
        _flushes.Dispose();
        _compactions.Dispose();
    }

    private void Start(string name, BlockingCollection<Action> jobs)
    {
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
