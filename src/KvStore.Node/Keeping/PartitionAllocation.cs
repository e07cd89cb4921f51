using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using KvStore.Core.Identity;

namespace KvStore.Node.Keeping;

/// <summary>
/// Follows the ring: the keeper of a partition lives at the first of its primaries that can be reached and has a region, in the opinion of the
/// node that coordinates. Where none has, it lives anywhere.
/// <para>Thread rule: the coordinator's; the functions must be safe from any thread.</para>
/// </summary>
/// <param name="primariesOf">A partition's primaries, in their order; empty for a partition that is not on the ring.</param>
/// <param name="isReachable">Whether this node can reach that one now.</param>
/// <param name="nodeOf">The node of a region.</param>
public sealed class PartitionAllocation(
    Func<PartitionId, IReadOnlyList<NodeId>> primariesOf, Func<NodeId, bool> isReachable, Func<IActorRef, NodeId?> nodeOf)
    : IShardAllocationStrategy
{
    /// <summary>Keepers that move at once, at most: they are in nobody's way, but each move is written to the members.</summary>
    private const int MaxMoving = 16;

    public static string ShardOf(PartitionId partition) => partition.Value.ToString(CultureInfo.InvariantCulture);

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        ArgumentNullException.ThrowIfNull(currentShardAllocations);
        var fewest = currentShardAllocations.OrderBy(r => r.Value.Count).ThenBy(r => r.Key).First().Key;
        return Task.FromResult(HomeOf(shardId, [.. currentShardAllocations.Keys]) ?? fewest);
    }

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        ArgumentNullException.ThrowIfNull(currentShardAllocations);
        ArgumentNullException.ThrowIfNull(rebalanceInProgress);
        IActorRef[] regions = [.. currentShardAllocations.Keys];
        var misplaced =
            from region in currentShardAllocations
            from shard in region.Value
            where !rebalanceInProgress.Contains(shard)
            let home = HomeOf(shard, regions)
            where home is not null && !home.Equals(region.Key)
            orderby shard
            select shard;
        var room = Math.Max(0, MaxMoving - rebalanceInProgress.Count);
        return Task.FromResult<IImmutableSet<string>>(misplaced.Take(room).ToImmutableHashSet());
    }

    private IActorRef? HomeOf(string shard, IReadOnlyCollection<IActorRef> regions)
    {
        if (!int.TryParse(shard, CultureInfo.InvariantCulture, out var number) || number is < 0 or >= PartitionId.MaxCount) return null;
        return primariesOf(new PartitionId(number))
            .Where(isReachable)
            .Select(primary => regions.FirstOrDefault(r => nodeOf(r) == primary))
            .FirstOrDefault(r => r is not null);
    }
}
