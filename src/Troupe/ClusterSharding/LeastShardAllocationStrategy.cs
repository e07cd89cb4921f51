using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Akka.Cluster.Sharding;

/// <summary>
/// The older strategy: new shards go where there are fewest; shards move from the region that has most, when it has more than a
/// threshold
/// above the one that has fewest, and only so many at once.
/// </summary>
[Obsolete("Use ShardAllocationStrategy.LeastShardAllocationStrategy instead. This will be removed in v1.6.")]
public class LeastShardAllocationStrategy(int rebalanceThreshold, int maxSimultaneousRebalance) : AbstractLeastShardAllocationStrategy
{
    public override Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(ToMove(RegionEntriesFor(currentShardAllocations), rebalanceInProgress));

    private ImmutableHashSet<string> ToMove(ImmutableList<RegionEntry> regions, IImmutableSet<string> moving)
    {
        var free = maxSimultaneousRebalance - moving.Count;
        if (free <= 0 || !IsAGoodTimeToRebalance(regions)) return [];
        var least = MostSuitableRegion(regions).Shards.Count;
        var most = regions.Select(r => r.ShardIds.Where(s => !moving.Contains(s)).ToList()).MaxBy(s => s.Count)!;
        var difference = most.Count - least;
        if (difference <= rebalanceThreshold) return [];
        // Half the difference would even the two out; one at least.
        return [.. most.Take(Math.Min(free, Math.Max(1, (difference - rebalanceThreshold + 1) / 2)))];
    }
}
