using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// Base of all actors. Made only by the runtime, from Props; handles one message at a time.
/// </summary>
public abstract class ActorBase
{
    private IActorRef? _clearedSelf;

    [SuppressMessage("Usage", "CA2214:Do not call overridable methods in constructors",
        Justification = "only a delegate is made")]
    protected ActorBase()
    {
        var cell = ActorCell.Current;
        if (cell is null || !cell.TryEnter(this))
            throw new ActorInitializationException(
                $"An actor of the type {GetType()} was made with `new`. Actors are made by ActorOf(Props), in an ActorSystem or "
                + "in another actor's context.");
        cell.Become(Receive);
    }

    protected static IActorContext Context => ActorCell.Require("Context");

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = static _ => false;

    protected IActorRef Self => _clearedSelf ?? ActorCell.Require("Self").Self;

    protected IActorRef Sender => ActorCell.Require("Sender").Sender;

    internal SupervisorStrategy Supervision => field ??= SupervisorStrategy();

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPreRestart(Exception cause, object message)
    {
        PreRestart(cause, message);
        (this as IActorStash)?.Stash?.UnstashAll();
    }

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    public virtual void AroundPostStop()
    {
        try
        {
            PostStop();
        }
        finally
        {
            (this as IActorStash)?.Stash?.UnstashAll();
        }
    }

    internal void Handle(Receive behavior, object message) => AroundReceive(behavior, message);

    internal void Detach(IActorRef self) => _clearedSelf = self;

    /// <summary>Handles a message by the current behaviour; what it does not handle goes to <see cref="Unhandled"/>.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        var handled = receive(message);
        if (!handled) Unhandled(message);
        return handled;
    }

    protected abstract bool Receive(object message);

    /// <summary>Called before the first message of the first instance, and by default of each restarted one.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called on the failed instance. By default stops all children and calls PostStop.</summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Called on the fresh instance. By default calls PreStart.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    protected virtual void PostStop()
    {
    }

    /// <summary>Publishes an <see cref="Event.UnhandledMessage"/>; an unhandled <see cref="Terminated"/> is a failure.</summary>
    protected virtual void Unhandled(object message) => ActorCell.Require("Unhandled").CheckedUnhandled(message);

    /// <summary>What to do with failing children; asked once an instance.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.DefaultStrategy;

    protected void Become(Receive receive) => Context.Become(receive);

    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);
}
