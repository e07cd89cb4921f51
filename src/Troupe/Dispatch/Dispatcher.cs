using Troupe.Platform;

namespace Akka.Dispatch;

/// <summary>
/// A dispatcher over one of the platform's executors: the thread pool, a bounded set of threads, or one thread.
/// </summary>
internal sealed class ExecutorDispatcher : MessageDispatcher
{
    private readonly IExecutor _executor;

    public ExecutorDispatcher(MessageDispatcherConfigurator configurator, string id, IExecutor executor) : base(configurator)
    {
        _executor = executor;
        Id = id;
        Throughput = configurator.Config.GetInt("throughput", DefaultThroughput);
        ThroughputDeadlineTime = configurator.Config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero).Ticks;
    }

    protected override void ExecuteTask(IRunnable run) => _executor.Execute(run);

    protected override void Shutdown() => _executor.Shutdown();
}
