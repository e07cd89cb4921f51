namespace Troupe.Platform;

/// <summary>
/// A fixed set of threads of its own: one for a pinned dispatcher, a bounded pool for fork-join and dedicated ones.
/// Threads start with the first item and are background threads: they never keep the process alive.
/// </summary>
internal sealed class DedicatedExecutor(string name, int threadCount) : IExecutor
{
    private readonly Lock _startGate = new();
    private readonly object _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private int _idle;
    private bool _started;
    private bool _shutdown;

    public void Execute(IThreadPoolWorkItem item)
    {
        StartThreads();
        lock (_gate)
        {
            if (_shutdown)
                return;
            _items.Enqueue(item);
            if (_idle > 0)
                Monitor.Pulse(_gate);
        }
    }

    public void Shutdown()
    {
        lock (_gate)
        {
            _shutdown = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void StartThreads()
    {
        if (Volatile.Read(ref _started))
            return;
        lock (_startGate)
        {
            if (_started)
                return;
            for (var i = 0; i < threadCount; i++)
                new Thread(Work) { IsBackground = true, Name = threadCount == 1 ? name : $"{name}-{i + 1}" }.Start();
            Volatile.Write(ref _started, true);
        }
    }

    private void Work()
    {
        while (Take() is { } item)
            item.Execute();
    }

    /// <summary>The next item; null when shut down and nothing is left.</summary>
    private IThreadPoolWorkItem? Take()
    {
        lock (_gate)
        {
            while (_items.Count == 0)
            {
                if (_shutdown)
                    return null;
                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }
            return _items.Dequeue();
        }
    }
}
