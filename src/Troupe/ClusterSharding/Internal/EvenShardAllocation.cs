using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Evens the regions out, a limited number of shards a round; no round begins while another is under way.</summary>
internal sealed class EvenShardAllocation(int absoluteLimit, double relativeLimit) : AbstractLeastShardAllocationStrategy
{
    public override Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        var regions = RegionEntriesFor(currentShardAllocations);
        var shards = rebalanceInProgress.Count == 0 && IsAGoodTimeToRebalance(regions)
            ? ToMove([.. regions.Select(r => r.ShardIds)], absoluteLimit, relativeLimit)
            : [];
        return Task.FromResult<IImmutableSet<string>>(shards);
    }

    /// <summary>The shards to move so that none has more than one above another, as far as the limits allow.</summary>
    internal static ImmutableHashSet<string> ToMove(IReadOnlyList<IImmutableList<string>> regions, int absoluteLimit, double relativeLimit)
    {
        var total = regions.Sum(r => r.Count);
        if (regions.Count < 2 || total == 0) return [];
        var limit = Math.Max(1, Math.Min((int)(relativeLimit * total), absoluteLimit));
        var fair = (total + regions.Count - 1) / regions.Count;
        var surplus = regions.SelectMany(r => r.Skip(fair)).ToList();
        if (surplus.Count > 0) return [.. surplus.Take(limit)];
        // Nobody is above the share rounded up. Who is two below it takes one from regions that are at it.
        var missing = regions.Sum(r => Math.Max(0, fair - 1 - r.Count));
        return [.. regions.Where(r => r.Count == fair).Select(r => r[^1]).Take(Math.Min(limit, missing))];
    }
}
