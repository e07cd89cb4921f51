using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Daemons;

/// <summary>
/// Tells subscribers what has happened, in one order for all, and makes the state readable before it does.
/// <para>Owner: <see cref="Cluster"/>. Thread rule: an actor.</para>
/// <para>When it stops, this node is in no cluster any more: subscribers hear that every member is removed, then that it is over.</para>
/// </summary>
internal sealed class EventPublisher : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly OrderedRefs<ImmutableArray<Type>> _subscribers = new();
    private readonly MembershipState _none;
    private MembershipState _state;

    public EventPublisher(Cluster cluster)
    {
        _cluster = cluster;
        _state = _none = new MembershipState(cluster.SelfUniqueAddress, Gossip.Empty);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StateChanged changed: OnState(changed.State); break;
            case SubscribeTo subscribe: OnSubscribe(subscribe); break;
            case UnsubscribeFrom unsubscribe: OnUnsubscribe(unsubscribe); break;
            case SendState send: send.Receiver.Tell(_cluster.State, ActorRefs.NoSender); break;
            case Terminated terminated: _subscribers.Remove(terminated.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop()
    {
        var events = MembershipEvents.Between(_state, _none);
        _cluster.OnEnded();
        foreach (var happened in events)
            Publish(happened);
        Publish(ClusterShuttingDown.Instance);
        _cluster.OnPublisherStopped();
    }

    private void OnState(MembershipState state)
    {
        var events = MembershipEvents.Between(_state, state);
        _state = state;
        _cluster.OnState(state);
        foreach (var happened in events)
            Publish(happened);
    }

    private void OnSubscribe(SubscribeTo subscribe)
    {
        var known = _subscribers.TryGet(subscribe.Subscriber, out var types) ? types : [];
        _subscribers.Remove(subscribe.Subscriber);
        _subscribers.Add(subscribe.Subscriber, known.AddRange(subscribe.Types.Where(type => !known.Contains(type))));
        Context.Watch(subscribe.Subscriber);
        if (subscribe.Mode == SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscribe.Subscriber.Tell(_cluster.State, ActorRefs.NoSender);
            return;
        }
        foreach (var happened in MembershipEvents.Between(_none, _state).Where(happened => Wants(subscribe.Types, happened)))
            subscribe.Subscriber.Tell(happened, ActorRefs.NoSender);
    }

    private void OnUnsubscribe(UnsubscribeFrom unsubscribe)
    {
        if (!_subscribers.TryGet(unsubscribe.Subscriber, out var types))
            return;
        _subscribers.Remove(unsubscribe.Subscriber);
        var left = unsubscribe.Type is { } type ? types.Remove(type) : [];
        if (left.IsEmpty)
            Context.Unwatch(unsubscribe.Subscriber);
        else
            _subscribers.Add(unsubscribe.Subscriber, left);
    }

    private void Publish(IClusterDomainEvent happened)
    {
        foreach (var subscriber in _subscribers.Refs())
        {
            if (_subscribers.TryGet(subscriber, out var types) && Wants(types, happened))
                subscriber.Tell(happened, ActorRefs.NoSender);
        }
    }

    private static bool Wants(ImmutableArray<Type> types, IClusterDomainEvent happened) =>
        types.Any(type => type.IsInstanceOfType(happened));
}
