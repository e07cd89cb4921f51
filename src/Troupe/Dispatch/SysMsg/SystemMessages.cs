using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.SysMsg;

/// <summary>A message of the runtime to an actor; comes before all others, even to a suspended actor.</summary>
public interface ISystemMessage : INoSerializationVerificationNeeded;

/// <summary>Carries the link of the mailbox's queue: one instance is in at most one queue at a time.</summary>
internal abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next;

    public override string ToString() => $"<{GetType().Name}>";
}

internal sealed class Suspend : SystemMessage;

internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;
}

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
}

internal sealed class Terminate : SystemMessage, IPossiblyHarmful, IDeadLetterSuppression;

internal sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public long Uid { get; } = uid;

    public override string ToString() => $"<Failed>: {Child} - {Cause}";
}

internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;

    public override string ToString() => $"<Watch>: {Watcher} wants to watch {Watchee}";
}

internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;

    public override string ToString() => $"<Unwatch>: {Watcher} wants to unwatch {Watchee}";
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    : SystemMessage, IDeadLetterSuppression
{
    public IActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;

    public override string ToString() => $"<DeathWatchNotification>: {Actor}";
}

/// <summary>A step of an actor's asynchronous handler, or what follows one.</summary>
internal sealed class ActorTask(Task task) : SystemMessage, IDeadLetterSuppression
{
    public Task Task { get; } = task;
}

/// <summary>An asynchronous handler has ended: the actor goes on to its next message, or fails.</summary>
internal sealed class ActorTaskEnded(Exception? failure) : SystemMessage, IDeadLetterSuppression
{
    public Exception? Failure { get; } = failure;
}
