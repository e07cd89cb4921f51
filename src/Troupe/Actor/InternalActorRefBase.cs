using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Base of the runtime's own references.</summary>
public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    public abstract bool IsLocal { get; }

    public abstract bool IsTerminated { get; }

    public abstract IInternalActorRef Parent { get; }

    public abstract IActorRefProvider Provider { get; }

    public abstract IActorRef GetChild(IReadOnlyList<string> name);

    public abstract void Start();

    public abstract void Suspend();

    public abstract void Resume(Exception? causedByFailure = null);

    public abstract void Restart(Exception cause);

    public abstract void Stop();

    public abstract void SendSystemMessage(ISystemMessage message);
}
