using Akka.Actor;
using Akka.Util;

namespace Akka.Dispatch;

/// <summary>
/// Runs the mailboxes of its actors on some executor. Safe from any thread.
/// </summary>
public abstract class MessageDispatcher
{
    public const int DefaultThroughput = 100;

    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        Throughput = DefaultThroughput;
    }

    public MessageDispatcherConfigurator Configurator { get; }

    public string Id { get; protected set; } = "";

    /// <summary>The most messages that one actor handles before the thread goes to the next actor.</summary>
    public int Throughput { get; protected set; }

    /// <summary>The longest, in ticks of 100 ns, that one actor keeps the thread; none or 0: no limit.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>Runs <paramref name="run"/> on this dispatcher.</summary>
    public void Schedule(IRunnable run) => ExecuteTask(run);

    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(run));

    /// <summary>Hands the work to the executor, or runs it at once.</summary>
    protected abstract void ExecuteTask(IRunnable run);

    protected abstract void Shutdown();

    internal void Register(Mailbox mailbox)
    {
        if (mailbox.TrySetScheduled()) ExecuteTask(mailbox);
    }

    internal long NewDeadline() => ThroughputDeadlineTime is > 0 and { } limit ? Now.Ticks + limit : long.MaxValue;

    internal bool IsPast(long deadline) => deadline != long.MaxValue && Now.Ticks >= deadline;

    private TimeSpan Now => Configurator.Prerequisites.Scheduler.MonotonicClock;
}
