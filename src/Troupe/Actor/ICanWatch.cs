namespace Akka.Actor;

public interface ICanWatch
{
    /// <summary>Asks for one <see cref="Terminated"/> when <paramref name="subject"/> has stopped, or its node is lost.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with a message of one's own in place of <see cref="Terminated"/>.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>
    /// After it no <see cref="Terminated"/> of <paramref name="subject"/> arrives, not even one that is queued.
    /// </summary>
    IActorRef Unwatch(IActorRef subject);
}
