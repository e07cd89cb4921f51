using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Messages that wait, by the shard or entity that they wait for, in their order; bounded over all of them
/// together.</summary>
internal sealed class WaitingMessages(int capacity)
{
    private readonly SortedDictionary<string, Queue<(object Message, IActorRef Sender)>> _waiting = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public IReadOnlyCollection<string> Keys => _waiting.Keys;

    public bool Has(string key) => _waiting.ContainsKey(key);

    /// <summary>False when there is no room: the message is not kept.</summary>
    public bool Add(string key, object message, IActorRef sender)
    {
        if (Count >= capacity) return false;
        if (!_waiting.TryGetValue(key, out var queue)) _waiting[key] = queue = new Queue<(object, IActorRef)>();
        queue.Enqueue((message, sender));
        Count++;
        return true;
    }

    public IEnumerable<(object Message, IActorRef Sender)> Take(string key)
    {
        if (!_waiting.Remove(key, out var queue)) return [];
        Count -= queue.Count;
        return queue;
    }
}
