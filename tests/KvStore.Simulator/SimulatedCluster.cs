using Akka.Actor;
using Akka.Configuration;
using KvStore.Core;
using KvStore.Node;
using KvStore.Node.Links;
using KvStore.Node.Settings;
using Troupe.Platform;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>
/// A cluster of whole nodes in a simulated world: each its own actor system with the actors, settings, messages and remoting of production.
/// <para>Owner: one scenario; the simulation's thread.</para>
/// </summary>
public sealed class SimulatedCluster
{
    private const int Port = 4053;
    private readonly World _world;
    private readonly string _members;
    private readonly List<Member> _nodes;
    private readonly PlantedBugs _bugs;

    internal SimulatedCluster(World world, int nodes, PlantedBugs bugs)
    {
        (_world, _bugs) = (world, bugs);
        _nodes = [.. Enumerable.Range(1, nodes).Select(i => new Member(world.AddNode($"n{i}"), $"{i:x2}{new string('0', 30)}"))];
        _members = string.Join(", ", _nodes.Select(node => $"\"{node.Id}@{node.Machine.Host}:{Port}\""));
    }

    public int Count => _nodes.Count;

    public SimulatedNode Machine(int index) => _nodes[index].Machine;

    /// <summary>Where requests to a node go; null while it is down or starting.</summary>
    public IActorRef? Coordinator(int index) => _nodes[index] is { Machine.IsUp: true } node ? node.Node?.Coordinator : null;

    /// <summary>What a node has sent to the others; null while it is down or starting.</summary>
    public LinkCounters? Links(int index) => _nodes[index].Node?.Links;

    public async Task StartAll()
    {
        for (var i = 0; i < _nodes.Count; i++) await Start(i);
    }

    /// <summary>Starts the node's actor system and actors in its (new) process.</summary>
    public async Task Start(int index)
    {
        var node = _nodes[index];
        if (!node.Machine.IsUp) node.Machine.Restart();
        var start = new NodeStart(++node.Starts);
        node.Node = null;
        node.Node = await node.Machine.Run(() =>
        {
            var config = ConfigOf(node);
            var system = node.Machine.Start("kv", config);
            return KvNode.Start(system, NodeSettings.Read(config), start, _bugs);
        });
    }

    /// <summary>kill -9; what the node held is gone.</summary>
    public void Crash(int index, CrashKind kind)
    {
        _nodes[index].Node = null;
        _nodes[index].Machine.Crash(kind);
    }

    public void Isolate(int index) => _world.Network.Isolate(Machine(index));

    public void HealAll() => _world.Network.HealAll();

    private Config ConfigOf(Member node) => ConfigurationFactory.ParseString($$"""
        kv-store.node.id = "{{node.Id}}"
        kv-store.cluster.members = [{{_members}}]
        kv-store.cluster.partitions = 64
        kv-store.quorum.sloppy = off
        akka.remote.dot-netty.tcp { hostname = "{{node.Machine.Host}}", port = {{Port}} }
        akka.loglevel = OFF
        """).WithFallback(ConfigurationFiles.Reference).WithFallback(ConfigurationFactory.Default());

    private sealed class Member(SimulatedNode machine, string id)
    {
        public SimulatedNode Machine { get; } = machine;

        public string Id { get; } = id;

        public uint Starts { get; set; }

        public KvNode? Node { get; set; }
    }
}
