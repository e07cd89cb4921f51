namespace Akka.Actor;

/// <summary>An ActorSystem as its extensions see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }

    /// <summary>/user</summary>
    public abstract IInternalActorRef Guardian { get; }

    /// <summary>/</summary>
    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>/system</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Starts an actor below /system; it stops after all of /user.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();

    /// <summary>The tree of living actors as text.</summary>
    public abstract string PrintTree();
}
