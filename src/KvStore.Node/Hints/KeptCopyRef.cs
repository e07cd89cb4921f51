using Akka.Actor;
using KvStore.Wire;

namespace KvStore.Node.Hints;

/// <summary>
/// Where the replica's answer about a booked copy goes: on to who asked for it, and before that, if it is stored, to the hint actor. Any thread.
/// </summary>
internal sealed class KeptCopyRef(IActorRef asker, IActorRef hints, HintActor.CopyStored stored) : MinimalActorRef
{
    public override ActorPath Path => hints.Path / "kept-copy";

    public override IActorRefProvider Provider => ((IInternalActorRef)hints).Provider;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is ReplicaProtocol.ReplicaStored) hints.Tell(stored, ActorRefs.NoSender);
        asker.Tell(message, sender);
    }
}
