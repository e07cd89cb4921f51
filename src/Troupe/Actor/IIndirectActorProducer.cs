namespace Akka.Actor;

/// <summary>A source of instances other than the class's constructor, such as a container.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    /// <summary>An instance is no longer used: its actor was restarted or has stopped.</summary>
    void Release(ActorBase actor);
}
