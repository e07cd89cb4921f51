using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>The subscribers on this node, by topic and group, in the order in which they came. One owner.</summary>
internal sealed class LocalSubscribers
{
    private readonly Dictionary<(string Topic, string? Group), List<IActorRef>> _subscribers = [];

    /// <summary>True when it is the topic's and group's first.</summary>
    public bool Add(string topic, string? group, IActorRef subscriber)
    {
        if (!_subscribers.TryGetValue((topic, group), out var list)) _subscribers[(topic, group)] = list = [];
        if (!list.Contains(subscriber)) list.Add(subscriber);
        return list.Count == 1;
    }

    /// <summary>True when it was the last.</summary>
    public bool Remove(string topic, string? group, IActorRef subscriber)
    {
        if (!_subscribers.TryGetValue((topic, group), out var list) || !list.Remove(subscriber) || list.Count > 0) return false;
        return _subscribers.Remove((topic, group));
    }

    /// <summary>Everything that this actor is subscribed to.</summary>
    public List<(string Topic, string? Group)> Of(IActorRef subscriber) =>
        [.. _subscribers.Where(entry => entry.Value.Contains(subscriber)).Select(entry => entry.Key)];

    public IReadOnlyList<IActorRef> At(string topic, string? group) =>
        _subscribers.TryGetValue((topic, group), out var list) ? list : [];
}
