using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using KvStore.Core.Identity;

namespace KvStore.Node.Keeping;

/// <summary>Starts this node's part of the shard region "partition", and wakes keepers: a keeper that nobody has woken is not there.</summary>
public static class PartitionKeeping
{
    public const string TypeName = "partition";

    private const string Wake = "wake";

    /// <summary>A keeper has no state that its end could lose: it is simply stopped when it moves.</summary>
    public static Task<IActorRef> Start(ActorSystem system, int partitions, KeeperOrders orders, TimeSpan interval, PartitionAllocation allocation) =>
        ClusterSharding.Get(system).StartAsync(
            TypeName,
            id => PartitionKeeper.Props(new PartitionId(int.Parse(id, CultureInfo.InvariantCulture)), partitions, orders, interval),
            ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero),
            new OneShardEach(),
            allocation,
            PoisonPill.Instance);

    /// <summary>Makes the keepers of these partitions, wherever they belong, as far as they are not there. To be repeated: it keeps nothing.</summary>
    public static void WakeKeepers(IActorRef region, IEnumerable<PartitionId> partitions)
    {
        ArgumentNullException.ThrowIfNull(region);
        ArgumentNullException.ThrowIfNull(partitions);
        foreach (var partition in partitions)
            region.Tell(new ShardingEnvelope(PartitionAllocation.ShardOf(partition), Wake), ActorRefs.NoSender);
    }

    /// <summary>Each partition is a shard of its own. Envelopes alone come to keepers.</summary>
    private sealed class OneShardEach : IMessageExtractor
    {
        public string? EntityId(object message) => null;

        public object? EntityMessage(object message) => message;

        [Obsolete("Use ShardId(EntityId, object) instead.")]
        public string? ShardId(object message) => null;

        public string ShardId(string entityId, object? messageHint = null) => entityId;
    }
}
