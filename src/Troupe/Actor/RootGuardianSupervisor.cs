using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What stands above the root: the end of the root guardian is the end of the system.</summary>
internal sealed class RootGuardianSupervisor(RootActorPath root, IActorRefProvider provider, TaskCompletionSource terminated,
    ActorSystemImpl system) : MinimalActorRef
{
    public override ActorPath Path { get; } = root / "bubble-walker";

    public override IActorRefProvider Provider => provider;

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                system.Log.Error(failed.Cause, "guardian {0} failed, shutting down!", failed.Child);
                ((IInternalActorRef)failed.Child).Stop();
                break;
            case DeathWatchNotification:
                terminated.TrySetResult();
                break;
        }
    }
}
