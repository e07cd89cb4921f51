using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// What a region knows of shards: where they live, which of its own are being stopped, and what waits for a home.
/// <para>Owner: a ShardRegion, or a test.</para>
/// Invariants:
/// <list type="number">
/// <item>A message passes no other one that waits for the same shard.</item>
/// <item>A shard that is being stopped here has no home in this book, wherever others say that it lives.</item>
/// </list>
/// </summary>
internal sealed class RegionBook(IActorRef self, int capacity)
{
    private readonly Dictionary<string, IActorRef> _homes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IActorRef> _stopping = new(StringComparer.Ordinal);
    private readonly WaitingMessages _waiting = new(capacity);

    public int Waiting => _waiting.Count;

    /// <summary>Shards whose homes are to be asked for.</summary>
    public IEnumerable<string> Wanted => _waiting.Keys.Where(s => !_homes.ContainsKey(s));

    public bool IsStopping(string shard) => _stopping.ContainsKey(shard);

    public bool IsHere(string shard) => self.Equals(_homes.GetValueOrDefault(shard));

    /// <summary>Where a message for the shard goes now; null when it must wait.</summary>
    public IActorRef? RouteOf(string shard) => _waiting.Has(shard) ? null : _homes.GetValueOrDefault(shard);

    /// <summary>False when the message cannot be kept.</summary>
    public bool Wait(string shard, object message, IActorRef sender) => _waiting.Add(shard, message, sender);

    /// <summary>False when that cannot be: the shard is still being stopped here, or runs here.</summary>
    public bool Learn(string shard, IActorRef home)
    {
        if (_stopping.ContainsKey(shard) || (IsHere(shard) && !home.Equals(self))) return false;
        _homes[shard] = home;
        return true;
    }

    public IEnumerable<(object Message, IActorRef Sender)> TakeWaiting(string shard) => _waiting.Take(shard);

    /// <summary>The shard is about to move. The region that has it delivers on until it is told to stop it; all others
    /// wait.</summary>
    public void OnBeginHandOff(string shard)
    {
        if (!IsHere(shard)) _homes.Remove(shard);
    }

    /// <summary>The shard is being stopped here, on behalf of <paramref name="requester"/>.</summary>
    public void OnStopping(string shard, IActorRef requester)
    {
        _homes.Remove(shard);
        _stopping[shard] = requester;
    }

    /// <summary>Who wants to know that the shard has stopped; null when nobody told it to.</summary>
    public IActorRef? OnStopped(string shard) => _stopping.Remove(shard, out var requester) ? requester : null;

    public void Forget(IActorRef region)
    {
        foreach (var shard in _homes.Where(h => h.Value.Equals(region)).Select(h => h.Key).ToList()) _homes.Remove(shard);
    }

    public bool Knows(IActorRef region) => _homes.ContainsValue(region);
}
