using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// Tells an actor the result of a task. A failure comes as <see cref="Status.Failure"/>, unless <c>failure</c> makes another
/// message.
/// </summary>
public static class PipeToSupport
{
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, new Recipient(recipient, sender, failure), success);

    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe.AsTask(), new Recipient(recipient, sender, failure), success);

    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, new Recipient(recipient, sender, failure), success);

    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, bool useConfigureAwait,
        IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe.AsTask(), new Recipient(recipient, sender, failure), success);

    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, new Recipient(recipient, sender, failure), success);

    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<object>? success = null,
        Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe.AsTask(), new Recipient(recipient, sender, failure), success);

    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, new Recipient(recipient, sender, failure), success);

    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe.AsTask(), new Recipient(recipient, sender, failure), success);

    private static Task Pipe<T>(Task<T> task, Recipient recipient, Func<T, object>? success) =>
        TaskEnds.Whenever(task, ended =>
        {
            if (recipient.TellFailure(ended)) return;
            var result = ((Task<T>)ended).Result;
            var message = success is null ? result : success(result);
            if (message is not null) recipient.Tell(message);
        });

    private static Task Pipe(Task task, Recipient recipient, Func<object>? success) =>
        TaskEnds.Whenever(task, ended =>
        {
            if (!recipient.TellFailure(ended) && success?.Invoke() is { } message) recipient.Tell(message);
        });

    private readonly record struct Recipient(ICanTell Target, IActorRef? Sender, Func<Exception, object>? Failure)
    {
        public void Tell(object message) => Target.Tell(message, Sender);

        public bool TellFailure(Task ended)
        {
            if (ended.IsCompletedSuccessfully) return false;
            Exception cause = ended.Exception is { InnerExceptions: [var single] } ? single
                : ended.Exception ?? (Exception)new TaskCanceledException(ended);
            var message = Failure is null ? new Status.Failure(cause) : Failure(cause);
            if (message is not null) Tell(message);
            return true;
        }
    }
}
