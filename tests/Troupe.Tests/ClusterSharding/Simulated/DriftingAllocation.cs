using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Troupe.Simulation;

namespace Troupe.Tests.ClusterSharding.Simulated;

/// <summary>Puts shards anywhere, and now and then moves some, as the seed says.</summary>
internal sealed class DriftingAllocation(SimulationRandom random, Func<bool> mayMove) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var regions = currentShardAllocations.Keys.Order().ToList();
        return Task.FromResult(regions[random.Next(regions.Count)]);
    }

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress)
    {
        var shards = currentShardAllocations.Values.SelectMany(s => s).Order(StringComparer.Ordinal).ToList();
        var moving = mayMove() ? shards.Where(_ => random.Chance(0.3)) : [];
        return Task.FromResult<IImmutableSet<string>>(moving.ToImmutableHashSet());
    }
}
