namespace Akka.Actor;

/// <summary>The reference to no actor: takes every message and does nothing with it.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private readonly RootActorPath _path = new(Address.AllSystems);

    private Nobody()
    {
    }

    public override ActorPath Path => _path;

    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody belongs to no actor system.");
}
