using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using KvStore.Core.Identity;
using KvStore.Node.Keeping;

namespace KvStore.Node.Tests.Keeping;

public sealed class PartitionKeepingSpec : TestKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public PartitionKeepingSpec()
        : base(ConfigurationFactory.ParseString(
            """
            akka {
              loglevel = ERROR
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              cluster {
                downing-provider-class = "Akka.Cluster.NoDowning, Akka.Cluster"
                sharding { state-store-mode = ddata, retry-interval = 200ms }
              }
            }
            """))
    {
    }

    [Fact]
    public async Task A_keeper_that_is_woken_orders_what_its_partition_needs_and_one_that_is_not_is_not_there()
    {
        Cluster.Get(Sys).Join(Cluster.Get(Sys).SelfAddress);
        var node = new NodeId(1, 1);
        var orders = new KeeperOrders(p => TestActor.Tell($"handoff {p.Value}"), _ => { }, _ => { });
        var allocation = new PartitionAllocation(_ => [node], _ => true, _ => node);
        var region = await PartitionKeeping.Start(Sys, partitions: 8, orders, TimeSpan.FromMilliseconds(200), allocation);

        PartitionKeeping.WakeKeepers(region, [new PartitionId(3), new PartitionId(5)]);

        // Each orders again and again: one may have done so twice before the other begins.
        var ordered = new HashSet<string>();
        FishForMessage<string>(order => ordered.Add(order) && ordered.SetEquals(["handoff 3", "handoff 5"]), Soon);
        region.Tell(GetShardRegionState.Instance);
        var state = FishForMessage<CurrentShardRegionState>(_ => true, Soon);
        Assert.Equal(["3", "5"], state.Shards.Select(s => s.ShardId).Order());
    }
}
