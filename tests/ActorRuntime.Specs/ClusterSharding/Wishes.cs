using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>
/// Where the spec wants each shard; shared by all nodes of a spec. A shard without a wish goes to the region that asks for it, or
/// to any when a proxy asks.
/// </summary>
public sealed class Wishes
{
    private readonly ConcurrentDictionary<string, Address> _wished = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    public void Wish(string shard, Address node) => _wished[shard] = node;

    public Address? For(string shard) => _wished.GetValueOrDefault(shard);
}

/// <summary>The strategy that follows <see cref="Wishes"/>, as far as the wished node has a region.</summary>
public sealed class WishedAllocation(Wishes wishes, Address self) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        wishes.Asked.Enqueue(shardId);
        var anywhere = currentShardAllocations.ContainsKey(requester) ? requester : currentShardAllocations.Keys.Min()!;
        return Task.FromResult(Wished(shardId, currentShardAllocations.Keys) ?? anywhere);
    }

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress)
    {
        var misplaced =
            from region in currentShardAllocations
            from shard in region.Value
            where !rebalanceInProgress.Contains(shard)
            let wished = Wished(shard, currentShardAllocations.Keys)
            where wished is not null && !wished.Equals(region.Key)
            select shard;
        return Task.FromResult<IImmutableSet<string>>(misplaced.ToImmutableHashSet());
    }

    private IActorRef? Wished(string shard, IEnumerable<IActorRef> regions) =>
        wishes.For(shard) is { } node ? regions.FirstOrDefault(r => AddressOf(r).Equals(node)) : null;

    private Address AddressOf(IActorRef region) => region.Path.Address.HasGlobalScope ? region.Path.Address : self;
}
