using Akka.Actor;

namespace Akka.Event;

/// <summary>A logger that needs no actor: it logs on the thread of whoever publishes.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    public LogFilterEvaluator Filter { get; internal set; } = LogFilterEvaluator.NoFilters;

    public sealed override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    public sealed override IActorRefProvider Provider =>
        throw new NotSupportedException("A minimal logger belongs to no actor system.");

    protected sealed override void TellInternal(object message, IActorRef? sender)
    {
        if (message is not LogEvent entry || Filter.ShouldTryKeepMessage(entry, out _)) Log(message);
    }

    protected abstract void Log(object message);
}
