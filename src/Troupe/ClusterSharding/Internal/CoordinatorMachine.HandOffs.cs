using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>The moving of shards, and regions that go.</summary>
internal sealed partial class CoordinatorMachine
{
    /// <summary>Time to ask the strategy what shall move.</summary>
    public void OnRebalanceTick()
    {
        if (!Takers.IsEmpty) Do(new CoordinatorEffect.AskWhatMoves(Takers, _handOffs.Keys.ToImmutableHashSet()));
    }

    public void OnWhatMoves(IEnumerable<string> shards)
    {
        foreach (var shard in shards.Order(StringComparer.Ordinal))
        {
            if (_bugs == PlantedBugs.MovedWithoutHandOff) Decide(_homes.WithoutHome(shard), AskAgain, [shard]);
            else BeginHandOff(shard);
        }
    }

    /// <summary>The region gives up its shards and gets no more. Said again and again until the region is gone.</summary>
    public void OnShutDownRegion(IActorRef region)
    {
        if (!_homes.Has(region)) return;
        _leaving.Add(region);
        foreach (var shard in _homes.ShardsOf(region)) BeginHandOff(shard);
        ReleaseIfEmpty(region);
    }

    public void OnHandOffBegun(string shard, IActorRef region)
    {
        if (_handOffs.TryGetValue(shard, out var handOff)) Forgotten(handOff, region);
    }

    public void OnShardStopped(string shard, IActorRef region)
    {
        if (!_handOffs.TryGetValue(shard, out var handOff) || !handOff.IsStopping || !handOff.From.Equals(region)) return;
        _handOffs.Remove(shard);
        _unstarted.Remove(shard);
        Decide(_homes.WithoutHome(shard), AskAgain, [shard]);
        ReleaseIfEmpty(region);
    }

    /// <summary>
    /// A hand-off that not all regions have begun is given up. One that the region has been told to carry out cannot be: it is
    /// told again.
    /// </summary>
    public void OnHandOffTimeout(string shard, long attempt)
    {
        if (!_handOffs.TryGetValue(shard, out var handOff) || handOff.Attempt != attempt) return;
        if (handOff.IsStopping)
        {
            Send(handOff.From, new ShardingMessage.HandOff(shard));
            Do(new CoordinatorEffect.StartHandOffTimer(shard, attempt));
            return;
        }
        _handOffs.Remove(shard);
        AnswerAll(shard);
    }

    private void BeginHandOff(string shard)
    {
        // An inherited region that has not called yet listens to its old coordinator, and would not begin.
        if (_called.Count < _homes.Regions.Count) return;
        if (_homes.HomeOf(shard) is not { } home || _handOffs.ContainsKey(shard) || _unwritten.ContainsKey(shard)) return;
        var regions = _homes.Regions.Keys.Concat(_proxies).ToList();
        var handOff = new HandOffInProgress(shard, home, regions, ++_attempts);
        _handOffs.Add(shard, handOff);
        // Told to start it after it has been told to stop it, the region would have it once more.
        _unstarted.Remove(shard);
        foreach (var region in regions) Send(region, new ShardingMessage.BeginHandOff(shard));
        Do(new CoordinatorEffect.StartHandOffTimer(shard, handOff.Attempt));
    }

    private void ReleaseIfEmpty(IActorRef region)
    {
        if (_leaving.Contains(region) && _homes.ShardsOf(region).Count == 0) Send(region, ShardingMessage.Released.Instance);
    }

    private void Forgotten(HandOffInProgress handOff, IActorRef region)
    {
        if (handOff.OnForgotten(region)) Send(handOff.From, new ShardingMessage.HandOff(handOff.Shard));
    }
}
