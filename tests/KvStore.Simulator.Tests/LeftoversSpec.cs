using System.Text;
using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Wire;
using Troupe.Simulation;

namespace KvStore.Simulator.Tests;

/// <summary>What has moved away is let go of: after a change every key is held by its owners and by nobody else.</summary>
public sealed class LeftoversSpec
{
    private const int Keys = 60;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    [Fact]
    public void After_a_node_has_joined_the_others_hold_nothing_that_is_not_theirs()
    {
        using var world = new World(SimulationOptions.Draw(1, "leftovers"));
        var cluster = new SimulatedCluster(world, nodes: 3, PlantedBugs.None);
        var (moved, held) = (0L, 0L);
        world.Run(async () =>
        {
            await cluster.StartAll();
            await world.Delay(TimeSpan.FromSeconds(5));
            for (ulong i = 1; i <= Keys; i++)
            {
                var key = new BucketKey(BucketName.Default, Key.Of($"k{i}"));
                var put = new ClientProtocol.Put(new RequestId(9, i), key, Encoding.UTF8.GetBytes($"v{i}"), Budget);
                var answer = await cluster.Coordinator(0)!.Ask<IWireMessage>(put, Timeout.InfiniteTimeSpan);
                Assert.Equal(PutResult.Done, Assert.IsType<ClientProtocol.PutDone>(answer).Result);
            }
            cluster.Add();
            await cluster.CommitStaged(0, ring => ring.Members.Length == 4);
            await cluster.Settled();
            moved = Held(cluster);
            await world.Delay(TimeSpan.FromMinutes(2));
            held = Held(cluster);
        });
        Assert.True(moved > 3 * Keys, "nothing has moved");
        Assert.Equal(3 * Keys, held);
    }

    private static long Held(SimulatedCluster cluster) => Enumerable.Range(0, cluster.Count).Sum(node => cluster.Node(node)!.Keys);
}
