using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs an actor's asynchronous handlers: every step between two awaits is a task that comes as a system message of that actor.
/// <para>Owner: one cell. Thread rule: queueing from any thread; running only in the cell's mailbox.</para>
/// Invariant: while a step runs, no SynchronizationContext is current (it would take the continuations elsewhere); the one of the
/// thread is kept as <see cref="Outer"/>.
/// </summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public override int MaximumConcurrencyLevel => 1;

    public object? CurrentMessage => _cell.CurrentMessage;

    internal SynchronizationContext? Outer { get; private set; }

    /// <summary>
    /// Runs an asynchronous function as a part of handling the present message: the actor's next message waits for its end, and
    /// its exception is the actor's failure. Call it last in a handler.
    /// </summary>
    public static void RunTask(Func<Task> asyncAction) => ActorCell.Require(nameof(RunTask)).RunTask(asyncAction);

    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    internal Task Begin(Func<Task> handler)
    {
        var task = new Task<Task>(handler);
        Outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            task.RunSynchronously(this);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(Outer);
        }

        return task.GetAwaiter().GetResult();
    }

    internal void Run(Task step)
    {
        Outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            TryExecuteTask(step);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(Outer);
        }
    }

    /// <summary>Tells the actor, as a system message, that its handler has ended.</summary>
    internal void WhenEnded(Task handler) => handler.ContinueWith(
        static (ended, cell) => ((ActorCell)cell!).SendSystemMessage(new ActorTaskEnded(FailureOf(ended))),
        _cell, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, this);

    protected override void QueueTask(Task task) => _cell.SendSystemMessage(new ActorTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ActorCell.Current == _cell && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private static Exception? FailureOf(Task task)
    {
        if (task.IsCanceled) return new TaskCanceledException(task);
        return task.Exception is { InnerExceptions: [var single] } ? single : task.Exception;
    }
}
