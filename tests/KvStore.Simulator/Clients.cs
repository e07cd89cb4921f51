using Akka.Actor;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Simulator.Histories;
using KvStore.Wire;
using System.Text;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>
/// Clients that write and read a few keys through any node, one operation at a time each, and write down what they are told. Every value is
/// written once, so that what is read names the write it came from.
/// </summary>
public sealed class Clients(World world, SimulatedCluster cluster, int clients, int keys, bool hasDeletes = false)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private ulong _lastRequest;

    public History History { get; } = new();

    public IEnumerable<BucketKey> AllKeys => Enumerable.Range(0, keys).Select(KeyOf);

    /// <summary>Runs every client for the given number of operations.</summary>
    public Task Run(int operations) =>
        Task.WhenAll(Enumerable.Range(1, clients).Select(client => RunOne(client, operations)));

    /// <summary>Reads every key through every node: what must hold once all is healed.</summary>
    public async Task ReadEverything()
    {
        for (var node = 0; node < cluster.Count; node++)
            for (var key = 0; key < keys; key++)
                await Get(client: 0, node, KeyOf(key));
    }

    private async Task RunOne(int client, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var node = world.Random.Next(cluster.Count);
            var key = KeyOf(world.Random.Next(keys));
            if (hasDeletes && world.Random.Chance(0.2)) await Delete(client, node, key);
            else if (world.Random.Chance(0.5)) await Put(client, node, key, $"c{client}-{i}");
            else await Get(client, node, key);
            await world.Delay(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        }
    }

    private async Task Put(int client, int node, BucketKey key, string value)
    {
        var sent = world.Now;
        var request = new RequestId(1, ++_lastRequest);
        if (cluster.Coordinator(node) is not { } coordinator) return;
        var answer = await Answer(coordinator, new ClientProtocol.Put(request, key, Encoding.UTF8.GetBytes(value), Budget));
        var (result, dot) = OutcomeOf(answer);
        History.Add(new Write(client, node, key, sent, world.Now, value, result, dot));
    }

    /// <summary>Deletes what a read has shown, and nothing else.</summary>
    private async Task Delete(int client, int node, BucketKey key)
    {
        if (await Get(client, node, key) is not { } shown || cluster.Coordinator(node) is not { } coordinator) return;
        var sent = world.Now;
        var answer = await Answer(coordinator, new ClientProtocol.Put(new RequestId(1, ++_lastRequest), key, Value: null, Budget)
        {
            Mode = WriteMode.WithContext,
            Context = shown.Context,
        });
        var (result, dot) = OutcomeOf(answer);
        History.Add(new Write(client, node, key, sent, world.Now, $"delete {sent}", result, dot) { Deletes = shown.State });
    }

    private static (PutResult Result, Dot? Dot) OutcomeOf(IWireMessage? answer) => answer switch
    {
        ClientProtocol.PutDone done => (done.Result, done.Dot),
        ClientProtocol.Busy => (PutResult.NotDone, null),
        _ => (PutResult.Unknown, null),
    };

    private async Task<ClientProtocol.GetDone?> Get(int client, int node, BucketKey key)
    {
        var sent = world.Now;
        if (cluster.Coordinator(node) is not { } coordinator) return null;
        var answer = await Answer(coordinator, new ClientProtocol.Get(new RequestId(1, ++_lastRequest), key, Budget) { WantsContext = hasDeletes });
        var shown = answer is ClientProtocol.GetDone { Result: GetResult.Done } done ? done : null;
        History.Add(new Read(client, node, key, sent, world.Now, shown?.State));
        return shown;
    }

    /// <summary>The answer, or null when none comes: the node may have died with the question.</summary>
    private async Task<IWireMessage?> Answer(IActorRef coordinator, IWireMessage request)
    {
        var answer = coordinator.Ask<IWireMessage>(request, Timeout.InfiniteTimeSpan);
        return await Task.WhenAny(answer, world.Delay(Patience)) == answer ? await answer : null;
    }

    private static BucketKey KeyOf(int number) => new(BucketName.Default, Key.Of($"k{number}"));
}
