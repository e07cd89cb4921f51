using System.Text;
using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.AntiEntropy;
using KvStore.Wire;
using Troupe.Simulation;

namespace KvStore.Simulator.Tests;

/// <summary>What stand-ins have minted is vouched for by an owner before they let go of it, so that its tombstones are forgotten.</summary>
public sealed class RetirementSpec
{
    private const int Keys = 12;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    private ulong _requests;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_tombstone_that_names_a_stand_in_is_reaped(int seed)
    {
        using var world = new World(SimulationOptions.Draw((ulong)seed, "retirement"));
        var cluster = new SimulatedCluster(world, nodes: 5, PlantedBugs.None, """
            kv-store.quorum.sloppy = on
            kv-store.anti-entropy { interval = 8s, reap-interval = 6s }
            """);
        var (reaped, tombstones, kept) = (0L, 0L, 0L);
        world.Run(async () =>
        {
            await cluster.StartAll();
            await world.Delay(TimeSpan.FromSeconds(5));
            cluster.Split([0, 1]);
            await world.Delay(TimeSpan.FromSeconds(10));
            var minted = 0;
            for (var key = 0; key < Keys; key++) minted += await Write(cluster, node: 0, key, $"v{key}", isDelete: false);
            Assert.True(minted > 0, "no stand-in coordinated a write");
            cluster.HealAll();
            await world.Delay(TimeSpan.FromSeconds(60));
            for (var key = 0; key < Keys; key++) await Write(cluster, node: 2, key, "", isDelete: true);
            await world.Delay(TimeSpan.FromSeconds(120));
            for (var node = 0; node < cluster.Count; node++)
            {
                var status = await cluster.Node(node)!.AntiEntropy.Ask<AntiEntropyStatus>(
                    AntiEntropyActor.GetStatus.Instance, Timeout.InfiniteTimeSpan);
                (reaped, tombstones, kept) = (reaped + status.Reaped, tombstones + status.Tombstones, kept + cluster.Node(node)!.Keys);
            }
        });
        Assert.Equal((0, 0), (tombstones, kept));
        Assert.True(reaped >= Keys);
    }

    /// <summary>Returns 1 when a node that is no owner minted the write's dot.</summary>
    private async Task<int> Write(SimulatedCluster cluster, int node, int number, string value, bool isDelete)
    {
        var key = new BucketKey(BucketName.Default, Key.Of($"k{number}"));
        ReadOnlyMemory<byte>? bytes = null;
        if (!isDelete) bytes = Encoding.UTF8.GetBytes(value);
        var put = new ClientProtocol.Put(new RequestId(9, ++_requests), key, bytes, Budget);
        var answer = await cluster.Coordinator(node)!.Ask<IWireMessage>(put, Timeout.InfiniteTimeSpan);
        var done = Assert.IsType<ClientProtocol.PutDone>(answer);
        Assert.Equal(PutResult.Done, done.Result);
        return cluster.Ring(node)!.PreferenceList(key, 3).IsPrimary(done.Dot!.Value.Incarnation.Node) ? 0 : 1;
    }
}
