using System.Text;
using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Simulator.Scenarios;
using KvStore.Wire;
using Troupe.Simulation;

namespace KvStore.Simulator.Tests;

/// <summary>A node that has forgotten what it voted for, and is told to start all the same.</summary>
public sealed class LostDataSpec
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);
    private static readonly BucketKey Strong = new(RegisterClients.Bucket, Key.Of("lock"));

    private ulong _requests;

    /// <summary>The first node has missed the newest value, and the third, which has voted for it, forgets it: together they must not be a majority.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_node_without_its_data_votes_on_no_strong_key_however_often_it_is_started_as_if_the_cluster_were_new(int seed)
    {
        using var world = new World(SimulationOptions.Draw((ulong)seed, "lost data"));
        var cluster = new SimulatedCluster(world, nodes: 3, PlantedBugs.None, buckets: Scenario.Named("strong")!.Buckets);
        string? shown = null;
        world.Run(async () =>
        {
            await cluster.StartAll();
            await world.Delay(TimeSpan.FromSeconds(5));
            Assert.Equal("old", await Do(cluster, node: 0, new RegisterCommand.Put(Encoding.UTF8.GetBytes("old"))));
            cluster.Isolate(0);
            await world.Delay(TimeSpan.FromSeconds(5));
            Assert.Equal("new", await Do(cluster, node: 1, new RegisterCommand.Put(Encoding.UTF8.GetBytes("new"))));
            cluster.Crash(2, CrashKind.Reset);
            cluster.Wipe(2);
            cluster.HealAll();
            cluster.Isolate(1);
            for (var start = 0; start < 4; start++)
            {
                await cluster.TryStart(2, init: start > 0);
                await world.Delay(TimeSpan.FromSeconds(5));
                shown ??= await Do(cluster, node: 0, new RegisterCommand.Get());
                cluster.Crash(2, CrashKind.Reset);
            }
        });
        Assert.Null(shown);
    }

    /// <summary>Null when it was not done.</summary>
    private async Task<string?> Do(SimulatedCluster cluster, int node, RegisterCommand command)
    {
        var request = new ClientProtocol.DoRegister(new RequestId(9, ++_requests), Strong, command, Budget);
        var answer = await cluster.Coordinator(node)!.Ask<IWireMessage>(request, Timeout.InfiniteTimeSpan);
        var value = Assert.IsType<ClientProtocol.RegisterDone>(answer).Outcome switch
        {
            RegisterOutcome.Done done => done.Value,
            _ => null,
        };
        return value is null ? null : Encoding.UTF8.GetString(value.Data!.Value.Span);
    }
}
