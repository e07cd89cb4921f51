namespace Akka.Actor;

/// <summary>Ask: a message, and a task for the answer.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>
    /// Tells <paramref name="message"/> and completes with the first answer. Without a time-out it waits as long as
    /// `akka.actor.ask-timeout` says.
    /// </summary>
    /// <exception cref="AskTimeoutException">No answer in time (from the task).</exception>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var provider = ProviderOf(self);
        var question = Begin<T>(provider, timeout, cancellationToken, out var task);
        question?.DeliverAsk(message, self);
        return task;
    }

    /// <summary>As the other, for a message that carries the reference to answer to.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var provider = ProviderOf(self);
        var question = Begin<T>(provider, timeout, cancellationToken, out var task);
        question?.DeliverAsk(messageFactory(question), self);
        return task;
    }

    private static FutureActorRef<T>? Begin<T>(IActorRefProvider provider, TimeSpan? timeout, CancellationToken cancellationToken,
        out Task<T> task)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            task = Task.FromCanceled<T>(cancellationToken);
            return null;
        }

        var system = (ActorSystemImpl)provider.Settings.System;
        var completion = system.NewCompletion<T>();
        var question = provider.CreateFutureRef(completion);
        var patience = timeout ?? provider.Settings.AskTimeout;
        if (patience != Timeout.InfiniteTimeSpan
            && patience > TimeSpan.Zero) question.StartTimeout(system.Seams.Timers, patience);
        if (cancellationToken.CanBeCanceled) question.CancelBy(cancellationToken);
        task = completion.Task;
        return question;
    }

    private static IActorRefProvider ProviderOf(ICanTell target) => target switch
    {
        Nobody => ActorCell.Current?.SystemImpl.Provider ?? throw NoProvider(target),
        IInternalActorRef actor => actor.Provider,
        ActorSelection { Anchor: IInternalActorRef anchor } => ProviderOf(anchor),
        _ => ActorCell.Current?.SystemImpl.Provider ?? throw NoProvider(target),
    };

    private static ArgumentException NoProvider(ICanTell target) =>
        new($"Unable to resolve the target Provider: {target} belongs to no actor system, so nobody could answer.",
            nameof(target));
}
