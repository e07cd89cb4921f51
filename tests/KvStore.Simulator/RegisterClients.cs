using System.Text;
using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Registers;
using KvStore.Simulator.Histories;
using KvStore.Wire;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>Clients that read, set, and compare and set a few strong keys through any node, and write down what they are told.</summary>
public sealed class RegisterClients(World world, SimulatedCluster cluster, int clients, int keys)
{
    /// <summary>Of all strong keys.</summary>
    public static readonly BucketName Bucket = BucketName.Create("strong");

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly Dictionary<BucketKey, ulong> _lastSeen = [];
    private ulong _lastRequest;

    public List<RegisterCall> History { get; } = [];

    /// <summary>Runs every client for the given number of operations.</summary>
    public Task Run(int operations) => Task.WhenAll(Enumerable.Range(1, clients).Select(client => RunOne(client, operations)));

    /// <summary>Reads every key through every node, once all is healed.</summary>
    public async Task ReadEverything()
    {
        for (var node = 0; node < cluster.Count; node++)
            for (var key = 0; key < keys; key++)
                await Do(client: 0, node, KeyOf(key), new RegisterCommand.Get());
    }

    private async Task RunOne(int client, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            var key = KeyOf(world.Random.Next(keys));
            await Do(client, world.Random.Next(cluster.Count), key, Draw(key, Encoding.UTF8.GetBytes($"c{client}-{i}")));
            await world.Delay(world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
        }
    }

    private RegisterCommand Draw(BucketKey key, byte[] data)
    {
        if (world.Random.Chance(0.4)) return new RegisterCommand.Get();
        if (world.Random.Chance(0.3)) return new RegisterCommand.Put(data);
        return new RegisterCommand.CompareAndSet(new RegisterExpectation.HasVersion(_lastSeen.GetValueOrDefault(key)), data);
    }

    private async Task Do(int client, int node, BucketKey key, RegisterCommand command)
    {
        if (cluster.Coordinator(node) is not { } coordinator) return;
        var sent = world.Now;
        var request = new ClientProtocol.DoRegister(new RequestId(2, ++_lastRequest), key, command, Budget);
        var asked = coordinator.Ask<IWireMessage>(request, Timeout.InfiniteTimeSpan);
        var answer = await Task.WhenAny(asked, world.Delay(Patience)) == asked ? await asked : null;
        var call = new RegisterCall(client, key, sent, world.Now, command, (answer as ClientProtocol.RegisterDone)?.Outcome);
        History.Add(call);
        if (call.Value is { } value) _lastSeen[key] = value.Version;
    }

    private static BucketKey KeyOf(int number) => new(Bucket, Key.Of($"s{number}"));
}
