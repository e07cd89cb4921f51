using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// Asynchronous handlers: the mailbox is held while one is unfinished; each of its steps comes as a system message.
/// </summary>
internal partial class ActorCell
{
    private ActorTaskScheduler? _taskScheduler;
    private int _tasks;

    public ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    public void RunTask(Func<Task> handler)
    {
        var task = TaskScheduler.Begin(handler);
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        _tasks++;
        _mailbox.Suspend();
        TaskScheduler.WhenEnded(task);
    }

    private void RunStep(ActorTask step) => TaskScheduler.Run(step.Task);

    private void EndTask(ActorTaskEnded ended)
    {
        _tasks--;
        _mailbox.Resume();
        if (_receiveTimeout is not null) NoteActivity();
        if (ended.Failure is { } failure) HandleInvokeFailure(failure);
    }
}
