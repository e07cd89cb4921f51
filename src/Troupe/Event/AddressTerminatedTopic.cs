using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// Tells the actors that have to do with actors elsewhere that a node is lost. Safe from any thread; told in the order of
/// subscription.
/// </summary>
internal sealed class AddressTerminatedTopic
{
    private readonly Lock _gate = new();
    private readonly OrderedRefs<bool> _subscribers = new();

    public void Subscribe(IActorRef subscriber)
    {
        lock (_gate) _subscribers.Add(subscriber, true);
    }

    public void Unsubscribe(IActorRef subscriber)
    {
        lock (_gate) _subscribers.Remove(subscriber);
    }

    public void Publish(AddressTerminated lost)
    {
        IActorRef[] subscribers;
        lock (_gate) subscribers = _subscribers.Refs();
        foreach (var subscriber in subscribers) subscriber.Tell(lost, ActorRefs.NoSender);
    }
}
