using Akka.Actor;
using Akka.Configuration;
using KvStore.Core;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Node;
using KvStore.Node.Disk;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Storage.Vfs;
using Troupe.Platform;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>
/// A cluster of whole nodes in a simulated world: each its own actor system with the actors, settings, messages, remoting and engine of
/// production, its files in memory. A killed process leaves what it wrote; a machine that loses its power leaves what was synced, and of the
/// rest what chance decides.
/// <para>Owner: one scenario; the simulation's thread.</para>
/// </summary>
public sealed class SimulatedCluster
{
    private const int Port = 4053;

    /// <summary>What the keys of partitions begin with (docs/formats/node-data.md).</summary>
    private const byte PartitionSpace = 1;

    private readonly World _world;
    private readonly string _members;
    private readonly List<Member> _nodes;
    private readonly PlantedBugs _bugs;
    private readonly string _settings;
    private readonly BucketCatalogue? _buckets;
    private readonly List<string> _waits = [];

    internal SimulatedCluster(World world, int nodes, PlantedBugs bugs, string settings = "", BucketCatalogue? buckets = null)
    {
        (_world, _bugs, _settings, _buckets) = (world, bugs, settings, buckets);
        _nodes = [.. Enumerable.Range(1, nodes).Select(i => new Member(world.AddNode($"n{i}"), $"{i:x2}{new string('0', 30)}"))];
        _members = string.Join(", ", _nodes.Select(node => $"\"{node.Id}@{node.Machine.Host}:{Port}\""));
    }

    public int Count => _nodes.Count;

    /// <summary>What the scenario waits for now, and how the nodes stand: what is told of a run that does not end.</summary>
    public string Waits =>
        $"{(_waits.Count == 0 ? "the clients" : string.Join(", ", _waits))}; {string.Join(", ", Enumerable.Range(0, Count).Select(Standing))}";

    /// <summary>The ring that a node serves; null while it is down, starting, or no member.</summary>
    public Ring? Ring(int index) => _nodes[index] is { Serves: true, Node: { } node } ? node.Ring : null;

    public SimulatedNode Machine(int index) => _nodes[index].Machine;

    /// <summary>Where requests to a node go; null while it is down or starting.</summary>
    public IActorRef? Coordinator(int index) => _nodes[index] is { Serves: true, Node: { } node } ? node.Coordinator : null;

    /// <summary>A node that is up; null while it is down or starting.</summary>
    public KvNode? Node(int index) => _nodes[index].Node;

    /// <summary>The actor system of a node that was started once.</summary>
    public ActorSystem System(int index) => _nodes[index].System!;

    /// <summary>The parent of a node's replicas.</summary>
    public ActorSelection Replicas(int index) => System(index).ActorSelection("/user/kv/replicas");

    /// <summary>What a node has sent to the others; null while it is down or starting.</summary>
    public LinkCounters? Links(int index) => _nodes[index].Node?.Links;

    /// <summary>Founds the cluster.</summary>
    public async Task StartAll()
    {
        for (var i = 0; i < _nodes.Count; i++) await Start(i, init: true);
    }

    /// <summary>
    /// Starts a machine that is in no member list: it asks the first node to be let in, and serves once it has been. Returns its index.
    /// </summary>
    /// <param name="settings">What it is set to beside what the others are.</param>
    public int Add(string settings = "")
    {
        var index = _nodes.Count;
        _nodes.Add(new Member(_world.AddNode($"n{index + 1}"), $"{index + 1:x2}{new string('0', 30)}") { IsFounder = false, Settings = settings });
        _ = Start(index);
        return index;
    }

    /// <summary>Plans and commits what is staged at a node, once there is something; again when it was not decided.</summary>
    public Task CommitStaged(int index, Func<Ring, bool> isDone) =>
        Waiting($"what is staged at n{index + 1} to be decided", () => Commit(index, isDone));

    public Task StageLeave(int via, int leaver) => _nodes[via].Node!.RingOwner.Ask<RingCommands.Answered>(
        new RingCommands.Stage(new RingChange.Leave(_nodes[leaver].Node!.Settings.Id)), Timeout.InfiniteTimeSpan);

    /// <summary>Waits until every node that is up serves one and the same ring, with nothing on the move.</summary>
    public Task Settled() => Waiting("one ring, with nothing on the move", async () =>
    {
        while (!IsSettled()) await _world.Delay(TimeSpan.FromMilliseconds(200));
    });

    /// <summary>What a node is set to, from its next start on, beside what the others are.</summary>
    public void Set(int index, string settings) => _nodes[index].Settings = settings;

    /// <summary>Starts the node's actor system and actors in its (new) process, on what is left on its disk.</summary>
    public Task Start(int index, bool init = false) => Waiting($"n{index + 1} to start", () => Begin(index, init));

    /// <summary>As <see cref="Start"/>, of a node that may find that it must not.</summary>
    public async Task TryStart(int index, bool init)
    {
        try
        {
            await Start(index, init);
        }
        catch (Exception refused) when (refused is DataSetException or NodeStoppedException)
        {
            // It stays down until it is killed.
        }
    }

    /// <summary>kill -9 (<see cref="CrashKind.Reset"/>), or the machine loses its power (<see cref="CrashKind.Silent"/>).</summary>
    public void Crash(int index, CrashKind kind)
    {
        var node = _nodes[index];
        node.Machine.Crash(kind);
        node.Files = kind == CrashKind.Reset
            ? node.Files.Clone()
            : node.Files.AfterCrash(new CrashPlan(_world.Random.NextDouble(), pieceBytes: 512, _world.Random.Next(int.MaxValue)));
        // The dead process's engine writes to files that nobody will open again; closing it gives its memory back.
        NodeDisk.Get(node.System!).Close();
        node.Node = null;
    }

    /// <summary>Stops a node in order, as SIGTERM does.</summary>
    public async Task Stop(int index)
    {
        var node = _nodes[index];
        node.Node = null;
        await node.Machine.Run(() => CoordinatedShutdown.Get(node.System!).Run(CoordinatedShutdown.ClrExitReason.Instance));
        node.Machine.Crash(CrashKind.Reset);
    }

    /// <summary>Everything in the node's partitions is lost, and it comes back as itself: it knows who it is, and nothing else.</summary>
    public void Empty(int index)
    {
        var node = _nodes[index];
        if (!node.Machine.IsUp) node.Machine.Restart();
        var options = new EngineOptions { FileSystem = node.Files, Scheduler = () => new SimulatedEngineScheduler(node.Machine.CreateSeams()) };
        using var store = LsmStore.Open("/data", options);
        store.DeleteRange([PartitionSpace], [PartitionSpace + 1], new WriteOptions { Durability = Durability.Group });
    }

    /// <summary>The node's disk is lost: it comes back with nothing.</summary>
    public void Wipe(int index) => _nodes[index].Files = new MemoryFileSystem();

    public void Isolate(int index) => _world.Network.Isolate(Machine(index));

    /// <summary>These on one side, the others on the other.</summary>
    public void Split(IReadOnlyCollection<int> side) => _world.Network.Partition(
        side.Select(Machine), Enumerable.Range(0, Count).Where(node => !side.Contains(node)).Select(Machine));

    public void HealAll() => _world.Network.HealAll();

    private async Task Waiting(string what, Func<Task> wait)
    {
        _waits.Add(what);
        try
        {
            await wait();
        }
        finally
        {
            _waits.Remove(what);
        }
    }

    private async Task Commit(int index, Func<Ring, bool> isDone)
    {
        while (Ring(index) is not { } ring || !isDone(ring))
        {
            await _world.Delay(TimeSpan.FromMilliseconds(200));
            if (_nodes[index].Node is not { } node) continue;
            await node.RingOwner.Ask<RingCommands.Planned>(RingCommands.Plan.Instance, Timeout.InfiniteTimeSpan);
            await node.RingOwner.Ask<RingCommands.Answered>(new RingCommands.Commit(AcceptRisk: false), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task Begin(int index, bool init)
    {
        var node = _nodes[index];
        if (!node.Machine.IsUp) node.Machine.Restart();
        node.Node = await node.Machine.Run(() =>
        {
            var config = ConfigOf(node);
            var seams = node.Machine.CreateSeams();
            var startup = new NodeStartup(NodeId.None)
            {
                Init = init,
                Buckets = _buckets,
                FileSystem = node.Files,
                Scheduler = () => new SimulatedEngineScheduler(seams),
            };
            node.System = node.Machine.Start("kv", config);
            return KvNode.Start(node.System, NodeSettings.Read(config), startup, _bugs);
        });
    }

    private string Standing(int index)
    {
        if (!_nodes[index].Machine.IsUp) return $"n{index + 1} is down";
        if (Ring(index) is not { } ring) return $"n{index + 1} serves no ring";
        var moving = ring.Partitions.Where(partition => ring.PhaseOf(partition) is not (MovePhase.None or MovePhase.Done));
        return $"n{index + 1} has {ring.Epoch}, {ring.Members.Length} members, to move: "
            + $"[{string.Join(' ', moving.Select(partition => $"{partition} {ring.PhaseOf(partition)}"))}]";
    }

    private bool IsSettled()
    {
        var rings = Enumerable.Range(0, Count).Select(Ring).OfType<Ring>().ToArray();
        return rings.All(ring => !ring.IsChanging && ring.Epoch == rings[0].Epoch)
            && rings[0].Members.All(member => _nodes.Any(node => node.Node?.Settings.Id == member.Id));
    }

    private Config ConfigOf(Member node) => ConfigurationFactory.ParseString($$"""
        kv-store.node.id = "{{node.Id}}"
        kv-store.cluster.members = [{{(node.IsFounder ? _members : "")}}]
        kv-store.cluster.seeds = ["{{_nodes[0].Machine.Host}}:{{Port}}"]
        kv-store.cluster { partitions = 64, insecure = on }
        kv-store.quorum.sloppy = off
        kv-store.anti-entropy { interval = 5m, retry-after = 1s, second-look = 500ms }
        akka.actor.provider = remote
        {{_settings}}
        {{node.Settings}}
        kv-store.storage { directory = "/data", memtable-bytes = 64 KiB, cache-bytes = 256 KiB, reserve-bytes = 0 b, readers = 1 }
        akka.remote.dot-netty.tcp { hostname = "{{node.Machine.Host}}", port = {{Port}} }
        akka.loglevel = OFF
        """).WithFallback(ConfigurationFiles.Reference).WithFallback(ConfigurationFactory.Default());

    private sealed class Member(SimulatedNode machine, string id)
    {
        public SimulatedNode Machine { get; } = machine;

        public string Id { get; } = id;

        public bool IsFounder { get; init; } = true;

        public string Settings { get; set; } = "";

        public MemoryFileSystem Files { get; set; } = new();

        public ActorSystem? System { get; set; }

        public KvNode? Node { get; set; }

        public bool Serves => Machine.IsUp && Node is not null && !System!.WhenTerminated.IsCompleted;
    }
}
