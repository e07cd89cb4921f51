using System.Text;
using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Wire;
using Troupe.Simulation;

namespace KvStore.Simulator.Tests;

/// <summary>What goes between nodes, counted: every replica request travels by a link, and the busier it is the less each costs.</summary>
public sealed class LinkLoadSpec
{
    private const int Operations = 600;

    [Fact]
    public void Remote_messages_per_operation_go_down_as_load_goes_up()
    {
        double[] each = [.. new[] { 1, 8, 64, 300 }.Select(atATime => MessagesPerOperation(atATime).Messages)];
        Assert.True(each.Zip(each.Skip(1)).All(pair => pair.Second < pair.First), string.Join(", ", each));
        Assert.True(each[^1] < each[0] / 8, string.Join(", ", each));
    }

    /// <summary>
    /// A write goes to two other replicas, and two of three are first handed to their coordinator; a read asks one other. Each is answered; then
    /// there is gossip.
    /// </summary>
    [Fact]
    public void Every_replica_request_travels_by_a_link()
    {
        var items = MessagesPerOperation(atATime: 64).Items;
        Assert.InRange(items, 3.6, 4.5);
    }

    private static (double Messages, double Items) MessagesPerOperation(int atATime)
    {
        using var world = new World(SimulationOptions.Draw(1, "calm"));
        var cluster = new SimulatedCluster(world, 3, default);
        var (messages, items) = (0L, 0L);
        world.Run(async () =>
        {
            await cluster.StartAll();
            await world.Delay(TimeSpan.FromSeconds(3));
            var before = Total(cluster);
            await Task.WhenAll(Enumerable.Range(0, atATime).Select(client => RunClient(cluster, client, Operations / atATime)));
            var after = Total(cluster);
            (messages, items) = (after.Messages - before.Messages, after.Items - before.Items);
        });
        return (messages / (double)Operations, items / (double)Operations);
    }

    private static (long Messages, long Items) Total(SimulatedCluster cluster) =>
        Enumerable.Range(0, cluster.Count).Select(cluster.Links).Aggregate(
            (Messages: 0L, Items: 0L), (sum, links) => (sum.Messages + links!.Messages, sum.Items + links.Items));

    private static async Task RunClient(SimulatedCluster cluster, int client, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var key = new BucketKey(BucketName.Default, Key.Of($"k{client}-{i % 10}"));
            var request = new RequestId((ulong)client, (ulong)i + 1);
            var budget = TimeSpan.FromSeconds(5);
            IWireMessage question = i % 2 == 0
                ? new ClientProtocol.Put(request, key, Encoding.UTF8.GetBytes($"v{i}"), budget)
                : new ClientProtocol.Get(request, key, budget);
            var answer = await cluster.Coordinator(i % cluster.Count)!.Ask<IWireMessage>(question, Timeout.InfiniteTimeSpan);
            Assert.True(answer is ClientProtocol.PutDone or ClientProtocol.GetDone, $"{answer}");
        }
    }
}
