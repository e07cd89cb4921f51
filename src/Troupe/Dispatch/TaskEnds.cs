namespace Akka.Dispatch;

/// <summary>
/// What follows a task, without a thread of its own: on the thread that completes it, or, where a SynchronizationContext is
/// current (a simulation), through that context.
/// </summary>
internal static class TaskEnds
{
    /// <summary>Calls <paramref name="then"/> once, after <paramref name="task"/> has ended in any way.</summary>
    public static Task Whenever(Task task, Action<Task> then)
    {
        var context = TaskScheduler.Current is ActorTaskScheduler actor ? actor.Outer : SynchronizationContext.Current;
        return context is null
            ? task.ContinueWith(static (ended, next) => ((Action<Task>)next!)(ended), then, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
            : ThroughContext(task, then, context);
    }

    private static Task ThroughContext(Task task, Action<Task> then, SynchronizationContext context)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            return Follow(task, then);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private static async Task Follow(Task task, Action<Task> then)
    {
        await Ended(task);
        then(task);
    }

    private static EndAwaitable Ended(Task task) => new(task);

    /// <summary>Awaits the end of a task whatever it is; the result is looked at afterwards.</summary>
    private readonly struct EndAwaitable(Task task) : System.Runtime.CompilerServices.INotifyCompletion
    {
        public bool IsCompleted => task.IsCompleted;

        public EndAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => task.GetAwaiter().OnCompleted(continuation);
    }
}
