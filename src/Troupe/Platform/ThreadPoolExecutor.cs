namespace Troupe.Platform;

/// <summary>
/// The .NET thread pool: what most dispatchers run on. It belongs to the process, so a shutdown only stops the intake.
/// </summary>
internal sealed class ThreadPoolExecutor : IExecutor
{
    private volatile bool _shutdown;

    public void Execute(IThreadPoolWorkItem item)
    {
        if (!_shutdown)
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
    }

    public void Shutdown() => _shutdown = true;
}
