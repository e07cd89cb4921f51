using System.Collections.Concurrent;

namespace Akka.Event;

/// <summary>
/// Subscribers by classifier; an event goes, once, to each subscriber of its classifier or of one above it, in the order in which
/// they subscribed. Safe from any thread; publishing takes no lock.
/// </summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
{
    private readonly Lock _gate = new();
    private (TClassifier Classifier, TSubscriber Subscriber)[] _subscriptions = [];
    private ConcurrentDictionary<TClassifier, TSubscriber[]> _routes = new();

    /// <summary>False when that subscription is there already.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_gate)
        {
            foreach (var (known, who) in _subscriptions)
            {
                if (Equals(who, subscriber) && IsSubClassification(known, classifier)) return false;
            }

            Change([.. _subscriptions, (classifier, subscriber)]);
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber) => Remove(s => Equals(s.Subscriber, subscriber));

    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) =>
        Remove(s => Equals(s.Subscriber, subscriber) && IsSubClassification(classifier, s.Classifier));

    public virtual void Publish(TEvent @event)
    {
        OnPublish(@event);
        foreach (var subscriber in Route(GetClassifier(@event))) Publish(@event, subscriber);
    }

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    protected abstract TClassifier GetClassifier(TEvent @event);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    /// <summary>Called once for each event, before any subscriber gets it.</summary>
    private protected virtual void OnPublish(TEvent @event)
    {
    }

    private protected bool HasSubscriptions(TSubscriber subscriber)
    {
        lock (_gate) return Array.Exists(_subscriptions, s => Equals(s.Subscriber, subscriber));
    }

    private bool Remove(Predicate<(TClassifier Classifier, TSubscriber Subscriber)> which)
    {
        lock (_gate)
        {
            var left = Array.FindAll(_subscriptions, s => !which(s));
            if (left.Length == _subscriptions.Length) return false;
            Change(left);
            return true;
        }
    }

    private void Change((TClassifier Classifier, TSubscriber Subscriber)[] subscriptions)
    {
        Volatile.Write(ref _subscriptions, subscriptions);
        Volatile.Write(ref _routes, new ConcurrentDictionary<TClassifier, TSubscriber[]>());
    }

    private TSubscriber[] Route(TClassifier classifier)
    {
        var routes = Volatile.Read(ref _routes);
        if (routes.TryGetValue(classifier, out var known)) return known;
        lock (_gate)
        {
            var route = new List<TSubscriber>();
            foreach (var (of, subscriber) in _subscriptions)
            {
                if (IsSubClassification(of, classifier) && !route.Contains(subscriber)) route.Add(subscriber);
            }

            return _routes[classifier] = [.. route];
        }
    }
}

public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, Actor.IActorRef>
    where TClassifier : notnull;
