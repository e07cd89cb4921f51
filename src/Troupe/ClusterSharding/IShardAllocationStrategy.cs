using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Decides where shards live. Called by the coordinator, wherever that is, with the regions that may take shards and what each
/// has.
/// A failed answer, or a region that is not among the given ones, is asked for again later.
/// </summary>
public interface IShardAllocationStrategy : INoSerializationVerificationNeeded
{
    /// <param name="requester">The region that wants to know; it may be a proxy, which can take no shard.</param>
    Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations);

    /// <summary>The shards that shall move now. Each is then handed off and allocated anew.</summary>
    Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress);
}

/// <summary>A strategy that wants to know when it begins to be used.</summary>
public interface IStartableAllocationStrategy : IShardAllocationStrategy
{
    void Start();
}

/// <summary>A strategy that wants to know its actor system before it is used.</summary>
public interface IActorSystemDependentAllocationStrategy : IShardAllocationStrategy
{
    void Start(ActorSystem system);
}
