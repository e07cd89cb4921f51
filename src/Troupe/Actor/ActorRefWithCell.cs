namespace Akka.Actor;

/// <summary>A reference with an actor of this process behind it, whose children can be looked up.</summary>
public abstract class ActorRefWithCell : InternalActorRefBase
{
    public abstract IEnumerable<IActorRef> Children { get; }

    public abstract IInternalActorRef GetSingleChild(string name);
}
