using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// What a supervisor does when a child fails. Instances are shared and keep no state; each child's restarts are counted in its
/// <see cref="ChildRestartStats"/>.
/// </summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stop on a failed or killed start, else restart.</summary>
    public static readonly IDecider DefaultDecider = Akka.Actor.Decider.From(
        Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops the child at any failure.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>Decides, logs, and carries the directive out; false: escalate.</summary>
    internal bool HandleFailure(ActorCell cell, IActorRef child, Exception cause, ChildRestartStats stats,
        IReadOnlyCollection<ChildRestartStats> children)
    {
        var directive = Handle(child, cause);
        if (LoggingEnabled) LogFailure(cell, child, cause, directive);
        switch (directive)
        {
            case Directive.Escalate:
                return false;
            case Directive.Resume:
                ResumeChild(child, cause);
                return true;
            default:
                ProcessFailure(cell, directive == Directive.Restart, child, cause, stats, children);
                return true;
        }
    }

    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child,
        IEnumerable<IInternalActorRef> children);

    /// <summary>Restarts, or stops, the child and whoever shares its fate.</summary>
    public abstract void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause,
        ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <param name="child">Who is restarted.</param>
    /// <param name="cause">Why.</param>
    /// <param name="suspendFirst">True for those that have not failed themselves.</param>
    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var actor = (IInternalActorRef)child;
        if (suspendFirst) actor.Suspend();
        actor.Restart(cause);
    }

    protected void ResumeChild(IActorRef child, Exception exception) => ((IInternalActorRef)child).Resume(exception);

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        var text = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var (source, type) = (child.Path.ToString(), GetType());
        LogEvent? entry = directive switch
        {
            Directive.Resume => new Warning(cause, source, type, text),
            Directive.Escalate => null,
            _ => new Error(cause, source, type, text),
        };
        if (entry is not null) context.System.EventStream.Publish(entry);
    }
}
