using Akka.Cluster.Sharding.Internal;

namespace Akka.Cluster.Sharding;

/// <summary>The strategies that come with sharding.</summary>
public static class ShardAllocationStrategy
{
    /// <summary>
    /// New shards go where there are fewest, and shards move from regions with more than their share to regions with less: in one
    /// round
    /// at most <paramref name="absoluteLimit"/>, and at most <paramref name="relativeLimit"/> of all shards, but at least one. It
    /// ends
    /// when no region has more than one shard above another.
    /// </summary>
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) =>
        new EvenShardAllocation(absoluteLimit, relativeLimit);
}
