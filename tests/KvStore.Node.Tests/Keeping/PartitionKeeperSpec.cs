using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Identity;
using KvStore.Node.Keeping;

namespace KvStore.Node.Tests.Keeping;

public sealed class PartitionKeeperSpec : TestKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void It_orders_a_handoff_an_exchange_and_a_reap_round_in_turn()
    {
        var told = TestActor;
        var orders = new KeeperOrders(
            p => told.Tell($"handoff {p.Value}"), p => told.Tell($"exchange {p.Value}"), p => told.Tell($"reap {p.Value}"));

        Sys.ActorOf(PartitionKeeper.Props(new PartitionId(3), 4, orders, TimeSpan.FromMilliseconds(10)));

        for (var round = 0; round < 3; round++)
        {
            ExpectMsg("handoff 3", Soon);
            ExpectMsg("exchange 3", Soon);
            ExpectMsg("reap 3", Soon);
        }
    }

    [Fact]
    public void Keepers_that_start_together_spread_their_orders_over_the_interval()
    {
        var minute = TimeSpan.FromSeconds(60);

        Assert.Equal([15, 30, 45, 60],
            Enumerable.Range(0, 4).Select(p => PartitionKeeper.FirstOrderAfter(new PartitionId(p), 4, minute).TotalSeconds));
    }
}
