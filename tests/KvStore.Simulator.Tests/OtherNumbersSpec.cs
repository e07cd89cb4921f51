using KvStore.Core;
using Troupe.Simulation;

namespace KvStore.Simulator.Tests;

/// <summary>Nodes whose own settings say another number of copies than the ring keeps: the ring's counts.</summary>
public sealed class OtherNumbersSpec
{
    private const string TwoCopies = "kv-store.quorum { n = 2, r = 2, w = 1 }";

    [Fact]
    public void A_node_that_joins_a_ring_of_more_copies_than_its_settings_say_gets_all_that_is_its_own()
    {
        using var world = new World(SimulationOptions.Draw(1, "other numbers"));
        var cluster = new SimulatedCluster(world, nodes: 3, PlantedBugs.None);
        var (isSettled, owned) = (false, new List<int>());
        world.Run(async () =>
        {
            await cluster.StartAll();
            await world.Delay(TimeSpan.FromSeconds(5));
            cluster.Add(TwoCopies);
            await cluster.CommitStaged(0, ring => ring.Members.Length == 4);
            var settled = cluster.Settled();
            isSettled = await Task.WhenAny(settled, world.Delay(TimeSpan.FromMinutes(10))) == settled;
            owned.AddRange(Enumerable.Range(0, cluster.Count).Select(node => cluster.Node(node)!.PartitionCount));
        });
        Assert.True(isSettled, "the change has not ended");
        Assert.Equal(3 * 64, owned.Sum());
    }

    [Fact]
    public void A_node_that_is_started_again_with_fewer_copies_goes_on_as_the_owner_that_it_was()
    {
        using var world = new World(SimulationOptions.Draw(1, "other numbers"));
        var cluster = new SimulatedCluster(world, nodes: 3, PlantedBugs.None);
        var owned = 0;
        world.Run(async () =>
        {
            await cluster.StartAll();
            await world.Delay(TimeSpan.FromSeconds(5));
            await cluster.Stop(1);
            cluster.Set(1, TwoCopies);
            await cluster.Start(1);
            owned = cluster.Node(1)!.PartitionCount;
        });
        Assert.Equal(64, owned);
    }
}
