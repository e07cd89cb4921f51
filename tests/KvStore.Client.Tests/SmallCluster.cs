using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using KvStore.Core.Identity;
using KvStore.Node;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;

namespace KvStore.Client.Tests;

/// <summary>Three whole nodes in this process, each with an actor system and a port of its own.</summary>
public sealed class SmallCluster : IAsyncLifetime
{
    private readonly List<int> _ports = FreePorts(3);
    private readonly ActorSystem[] _systems = new ActorSystem[3];
    private readonly MemoryFileSystem[] _files = [new(), new(), new()];

    public string ContactPoint(int node) => $"127.0.0.1:{_ports[node]}";

    public async Task InitializeAsync()
    {
        for (var i = 0; i < _ports.Count; i++) await Start(i, init: true);
    }

    public async Task DisposeAsync()
    {
        foreach (var system in _systems) await system.Terminate();
    }

    /// <summary>Ends the node without a word to anybody.</summary>
    public Task Kill(int node) => _systems[node].Terminate();

    /// <summary>Starts a node that was killed, on its files.</summary>
    public Task Restart(int node) => Start(node, init: false);

    private async Task Start(int node, bool init)
    {
        var members = _ports.Select((port, i) => $"\"{IdOf(i)}@127.0.0.1:{port}\"");
        var config = ConfigurationFactory.ParseString(
            $$"""
            kv-store.node.id = "{{IdOf(node)}}"
            kv-store.cluster.members = [{{string.Join(", ", members)}}]
            kv-store.cluster.partitions = 64
            kv-store.storage { directory = "/data", memtable-bytes = 1 MiB, cache-bytes = 4 MiB, reserve-bytes = 0 b }
            kv-store.timeouts.gossip-interval = 200ms
            akka.loglevel = ERROR
            akka.actor.provider = cluster
            akka.remote.dot-netty.tcp.port = {{_ports[node]}}
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            akka.cluster {
              seed-node-timeout = 1s
              retry-unsuccessful-join-after = 1s
              periodic-tasks-initial-delay = 200ms
              gossip-interval = 200ms
              leader-actions-interval = 200ms
            }
            """).WithFallback(ConfigurationFiles.Reference);
        var system = ActorSystem.Create("kv", config);
        _systems[node] = system;
        await KvNode.Start(system, NodeSettings.Read(config), new NodeStartup(NodeId.None) { Init = init, FileSystem = _files[node] });
    }

    private static string IdOf(int node) => $"{node + 1:x2}{new string('0', 30)}";

    internal static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
