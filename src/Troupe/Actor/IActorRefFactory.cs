namespace Akka.Actor;

/// <summary>Makes actors and selections: an ActorSystem, or an actor's context.</summary>
public interface IActorRefFactory
{
    /// <summary>
    /// Starts an actor; the name is made up when there is none. Throws <see cref="InvalidActorNameException"/>.
    /// </summary>
    IActorRef ActorOf(Props props, string? name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}
