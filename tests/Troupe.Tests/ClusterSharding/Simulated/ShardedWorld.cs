using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Sharding.Internal;
using Akka.Configuration;
using Troupe.Simulation;

namespace Troupe.Tests.ClusterSharding.Simulated;

/// <summary>
/// A cluster whose nodes send to entities while shards move, and, as asked for, nodes leave or crash and come back. Everything
/// comes from
/// the seed.
/// </summary>
internal sealed class ShardedWorld
{
    private const int Port = 4053;
    private const int Shards = 5;
    private const int EntitiesPerShard = 3;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private static readonly Config Config = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = cluster
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          remote { retry-gate-closed-for = 1s, dot-netty.tcp.port = 4053 }
          cluster {
            downing-provider-class = "Akka.Cluster.NoDowning"
            retry-unsuccessful-join-after = 1s
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s }
            sharding {
              retry-interval = 500ms
              rebalance-interval = 2s
              passivate-idle-entity-after = 5s
              handoff-timeout = 10s
              updating-state-timeout = 1s
              waiting-for-state-timeout = 1s
              coordinator-failure-backoff = 1s
            }
          }
        }
        """;

    private readonly World _world;
    private readonly Disturbances _disturbances;
    private readonly PlantedBugs _bugs;
    private readonly ShardingLedger _ledger = new();
    private readonly Dictionary<SimulatedNode, ActorSystem> _systems = [];
    private bool _moves = true;
    private int _messages;

    private ShardedWorld(World world, Disturbances disturbances, PlantedBugs bugs)
    {
        _world = world;
        _disturbances = disturbances;
        _bugs = bugs;
    }

    [Flags]
    public enum Disturbances
    {
        Moves = 0,
        Leaves = 1,
        Crashes = 2,
        Cuts = 4,
    }

    /// <summary>Runs one world to its end, and says what the ledger saw.</summary>
    public static ShardingLedger Run(ulong seed, Disturbances disturbances, PlantedBugs bugs = PlantedBugs.None)
    {
        var options = SimulationOptions.Draw(seed, "sharding") with { HalfOpenProbability = 0, LingerProbability = 0, OvertakeProbability = 0 };
        using var world = new World(options);
        var sharded = new ShardedWorld(world, disturbances, bugs);
        for (var i = 0; i < 4; i++) world.AddNode($"n{i}");
        world.Run(sharded.Live);
        return sharded._ledger;
    }

    private async Task Live()
    {
        foreach (var node in _world.Nodes)
        {
            Start(node);
            await Until(() => UpMembers(node) == _systems.Count);
        }
        for (var round = 0; round < 60; round++)
        {
            for (var i = _world.Random.Next(10); i > 0; i--) Send();
            if (round % 10 == 5) await Disturb();
            await _world.Delay(_world.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        }
        _moves = false;
        await _world.Delay(Rest);
        await AllAnswer();
    }

    private void Start(SimulatedNode node)
    {
        var system = _systems[node] = node.Start("sharded", Config);
        var home = Address(_world.Nodes.FirstOrDefault(n => n != node && _systems.ContainsKey(n)) ?? node);
        var life = $"{node.Name}#{_world.Steps}";
        var random = new SimulationRandom(_world.Random.NextUInt64());
        node.Run(() =>
        {
            Cluster.Get(system).Join(home);
            var sharding = Akka.Cluster.Sharding.ClusterSharding.Get(system);
            sharding.Bugs = _bugs;
            sharding.Start("ledger",
                id => Props.Create(() => new LedgerEntity(id, life, random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)), _ledger)),
                ClusterShardingSettings.Create(system), new BySlash(), new DriftingAllocation(random, () => _moves), LedgerEntity.Stop);
            return system;
        });
        _lives[node] = life;
    }

    private readonly Dictionary<SimulatedNode, string> _lives = [];

    private void Send()
    {
        var from = Any();
        var kind = _world.Random.Chance(0.1) ? "passivate" : "tell";
        var message = string.Create(CultureInfo.InvariantCulture, $"{kind} {++_messages}");
        _ledger.OnSent(message);
        Region(from).Tell(new ShardingEnvelope(Entity(), message), ActorRefs.NoSender);
    }

    private async Task Disturb()
    {
        var node = Any();
        if (_disturbances.HasFlag(Disturbances.Cuts) && _world.Random.Chance(0.7)) await CutOff(node);
        else if (_disturbances.HasFlag(Disturbances.Crashes) && _world.Random.Chance(0.5)) await CrashAndReturn(node);
        else if (_disturbances.HasFlag(Disturbances.Leaves)) await LeaveAndReturn(node);
    }

    /// <summary>Nobody is downed: whatever cannot be decided waits until the line is there again.</summary>
    private async Task CutOff(SimulatedNode node)
    {
        _world.Network.Isolate(node);
        for (var i = _world.Random.Next(60); i > 0; i--)
        {
            Send();
            await _world.Delay(TimeSpan.FromSeconds(0.2));
        }
        _world.Network.HealAll();
        await Until(() => _systems.Keys.All(n => UpMembers(n) == _systems.Count && Cluster.Get(_systems[n]).State.Unreachable.IsEmpty));
    }

    private async Task CrashAndReturn(SimulatedNode node)
    {
        node.Crash();
        _ledger.OnCrashed(_lives[node]);
        _systems.Remove(node);
        for (var i = _world.Random.Next(20); i > 0; i--)
        {
            Send();
            await _world.Delay(TimeSpan.FromSeconds(0.5));
        }
        var by = Any();
        by.Run(() =>
        {
            Cluster.Get(_systems[by]).Down(Address(node));
            return 0;
        });
        await Until(() => _systems.Keys.All(n => UpMembers(n) == _systems.Count));
        await Return(node);
    }

    private async Task LeaveAndReturn(SimulatedNode node)
    {
        var system = _systems[node];
        _systems.Remove(node);
        var left = node.Run(() => CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance));
        while (!left.IsCompleted)
        {
            Send();
            await _world.Delay(TimeSpan.FromSeconds(0.2));
        }
        await Until(() => _systems.Keys.All(n => UpMembers(n) == _systems.Count));
        node.Crash();
        await Return(node);
    }

    private async Task Return(SimulatedNode node)
    {
        // What is sent to a node behind a closed gate is lost, as remoting says; the gates that its end has closed are open by
        // then.
        await _world.Delay(TimeSpan.FromSeconds(3));
        node.Restart();
        Start(node);
        await Until(() => _systems.Keys.All(n => UpMembers(n) == _systems.Count));
    }

    private async Task AllAnswer()
    {
        foreach (var node in _systems.Keys)
        {
            for (var i = 0; i < Shards * EntitiesPerShard; i++)
            {
                var message = string.Create(CultureInfo.InvariantCulture, $"ask {node.Name} {i}");
                var envelope = new ShardingEnvelope($"s{i % Shards}/e{i / Shards}", message);
                var answer = node.Run(() => Region(node).Ask<string>(envelope, TimeSpan.FromSeconds(10)));
                if (await answer != message) _ledger.Violations.Add($"{message} was answered with {await answer}");
            }
        }
    }

    private SimulatedNode Any() => _systems.Keys.ElementAt(_world.Random.Next(_systems.Count));

    private string Entity() => $"s{_world.Random.Next(Shards)}/e{_world.Random.Next(EntitiesPerShard)}";

    private IActorRef Region(SimulatedNode node) =>
        Akka.Cluster.Sharding.ClusterSharding.Get(_systems[node]).ShardRegion("ledger");

    private int UpMembers(SimulatedNode node)
    {
        var state = Cluster.Get(_systems[node]).State;
        return state.Members.All(m => m.Status == MemberStatus.Up) ? state.Members.Count : 0;
    }

    private static Address Address(SimulatedNode node) => new("akka.tcp", "sharded", node.Host, Port);

    private async Task Until(Func<bool> condition)
    {
        var end = _world.Now + TimeSpan.FromMinutes(3);
        while (!condition())
        {
            if (_world.Now > end) throw new InvalidOperationException("The cluster does not settle.");
            await _world.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>An entity is "shard/name".</summary>
    private sealed class BySlash : IMessageExtractor
    {
        public string? EntityId(object message) => null;

        public object? EntityMessage(object message) => message;

        [Obsolete("Use ShardId(EntityId, object) instead.")]
        public string? ShardId(object message) => null;

        public string ShardId(string entityId, object? messageHint = null) => entityId.Split('/')[0];
    }
}
