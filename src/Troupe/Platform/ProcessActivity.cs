namespace Troupe.Platform;

/// <summary>What the process does beside the actors: for the simulation, which forbids it.</summary>
internal static class ProcessActivity
{
    /// <summary>Work items that the thread pool has completed or still holds.</summary>
    public static long PoolItems => ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount;

    /// <summary>Timers of the framework that will still fire.</summary>
    public static long Timers => Timer.ActiveCount;

    public static string CurrentThreadName => Thread.CurrentThread switch
    {
        { IsThreadPoolThread: true } => "thread pool",
        { Name: { } name } => name,
        _ => "unnamed",
    };
}
