using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>New shards go to the region with the fewest of those that stay in the cluster.</summary>
public abstract class AbstractLeastShardAllocationStrategy : IActorSystemDependentAllocationStrategy
{
    private Cluster? _cluster;

    /// <summary>The cluster as this node sees it now.</summary>
    protected virtual ClusterEvent.CurrentClusterState ClusterState => Started.State;

    protected virtual Member SelfMember => Started.SelfMember;

    private Cluster Started =>
        _cluster ?? throw new InvalidOperationException("The strategy has not been started: the coordinator does that, by Start(system).");

    public void Start(ActorSystem system) => _cluster = Cluster.Get(system);

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var regions = RegionEntriesFor(currentShardAllocations);
        // A region whose member is not seen yet is as good as none; with nothing better the one that asks may have it.
        return Task.FromResult(regions.IsEmpty ? requester : MostSuitableRegion(regions).Region);
    }

    public abstract Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress);

    /// <summary>False while members join, leave or cannot be reached: shards would move twice.</summary>
    protected bool IsAGoodTimeToRebalance(IEnumerable<RegionEntry> regionEntries) =>
        ClusterState.Unreachable.IsEmpty
        && ClusterState.Members.All(m => m.Status == MemberStatus.Up)
        && regionEntries.Any();

    /// <summary>The region with the fewest shards; among equals one that stays, then the first by path.</summary>
    protected (IActorRef Region, IImmutableList<string> Shards) MostSuitableRegion(IEnumerable<RegionEntry> regionEntries)
    {
        var best = regionEntries
            .OrderBy(r => r.Member.Status is MemberStatus.Up or MemberStatus.WeaklyUp ? 0 : 1)
            .ThenBy(r => r.ShardIds.Count)
            .ThenBy(r => r.Region, ShardHomes.ByPath.Instance)
            .First();
        return (best.Region, best.ShardIds);
    }

    /// <summary>The regions whose members are known.</summary>
    protected ImmutableList<RegionEntry> RegionEntriesFor(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        ArgumentNullException.ThrowIfNull(currentShardAllocations);
        var members = ClusterState.Members.ToLookup(m => m.Address);
        var self = SelfMember;
        return
        [
            .. from region in currentShardAllocations
               let address = region.Key.Path.Address
               let member = address.HasGlobalScope ? members[address].FirstOrDefault() : self
               where member is not null
               orderby region.Key.Path.ToString()
               select new RegionEntry(region.Key, member, region.Value),
        ];
    }

    /// <summary>A region, its member and its shards.</summary>
    public sealed class RegionEntry(IActorRef region, Member member, IImmutableList<string> shardIds)
    {
        public IActorRef Region { get; } = region;

        public Member Member { get; } = member;

        public IImmutableList<string> ShardIds { get; } = shardIds;
    }
}
