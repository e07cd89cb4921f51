namespace Akka.Actor;

/// <summary>Something that takes messages.</summary>
public interface ICanTell
{
    void Tell(object message, IActorRef? sender);
}

/// <summary>
/// A handle on an actor, here or elsewhere. Two are equal when path and uid are. Safe from any thread.
/// </summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}

/// <summary>Whether a reference's actor lives in this process.</summary>
public interface IActorRefScope
{
    bool IsLocal { get; }
}
