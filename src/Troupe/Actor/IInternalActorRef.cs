using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>What the runtime needs of every reference beyond Tell.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    IInternalActorRef Parent { get; }

    IActorRefProvider Provider { get; }

    /// <summary>Has it stopped, as far as is known here? For diagnostics; watch an actor to be told.</summary>
    bool IsTerminated { get; }

    /// <summary>The descendant reached by the names, ".." for the parent; Nobody when there is none.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    void Start();

    void Suspend();

    void Resume(Exception? causedByFailure = null);

    void Restart(Exception cause);

    void Stop();

    void SendSystemMessage(ISystemMessage message);
}
