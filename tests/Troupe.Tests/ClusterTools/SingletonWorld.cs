using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Troupe.Simulation;

namespace Troupe.Tests.ClusterTools;

/// <summary>
/// Five nodes with a singleton, of which some leave and some die and are downed, for two virtual minutes; further ones come in their
/// place. The checker outside counts the singletons that live.
/// </summary>
internal sealed class SingletonWorld
{
    public const string Two = "two singletons live";

    private const int Nodes = 5;

    private static readonly Config Config = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp.port = 4053
          remote.retry-gate-closed-for = 1s
          coordinated-shutdown.run-by-actor-system-terminate = off
          cluster {
            downing-provider-class = "Akka.Cluster.NoDowning"
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            retry-unsuccessful-join-after = 1s
            allow-weakly-up-members = off
          }
        }
        """;

    private readonly World _world;
    private readonly SingletonBugs _bugs;
    private readonly Dictionary<SimulatedNode, ActorSystem> _systems = [];
    private readonly HashSet<(SimulatedNode Node, object Singleton)> _living = [];
    private string? _broken;
    private int _starts;

    private SingletonWorld(World world, SingletonBugs bugs) => (_world, _bugs) = (world, bugs);

    /// <summary>Null when there was never more than one, and there is one in the end; else what went wrong.</summary>
    public static string? Run(ulong seed, SingletonBugs bugs = SingletonBugs.None)
    {
        using var world = new World(SimulationOptions.Draw(seed, "singleton") with { HalfOpenProbability = 0 });
        var run = new SingletonWorld(world, bugs);
        for (var i = 0; i < Nodes; i++) run.Start(world.AddNode($"n{i}"));
        world.Run(run.Live);
        return run._broken;
    }

    private void Start(SimulatedNode node)
    {
        var system = node.Start("sim", Config);
        _systems[node] = system;
        var settings = ClusterSingletonManagerSettings.Create(system).With(_bugs);
        system.ActorOf(
            ClusterSingletonManager.Props(Props.Create(() => new Singleton(this, node)), Singleton.Ending, settings), "manager");
        // Several, since one may die between taking the newcomer in and telling it so.
        var members = Members().Where(other => other != node && Cluster.Get(_systems[other]).IsUp).Select(AddressOf).ToList();
        Cluster.Get(system).JoinSeedNodes(members.Count > 0 ? members : [AddressOf(_world.Nodes[0])]);
    }

    private async Task Live()
    {
        await _world.Delay(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 8; i++)
        {
            Disturb();
            await _world.Delay(_world.Random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15)));
        }
        await _world.Delay(TimeSpan.FromMinutes(2));
        _broken ??= _living.Count == 1 ? null : $"in the end {_living.Count} singletons live";
        if (_starts < 2) _broken ??= $"it was started {_starts} times: nothing was tried";
    }

    private void Disturb()
    {
        var members = Members();
        var victim = members[_world.Random.Next(members.Count)];
        if (members.Count < 3) return;
        // Most often the one that matters.
        if (_world.Random.Chance(0.7) && _living.Count > 0 && members.Contains(_living.First().Node)) victim = _living.First().Node;
        if (_world.Random.Chance(0.4)) Die(victim);
        else Leave(victim);
        // Another one leaves at the same time, maybe the very next.
        if (members.Count > 3 && _world.Random.Chance(0.3)) Leave(members.First(node => node != victim));
    }

    private void Leave(SimulatedNode node)
    {
        var system = _systems[node];
        _systems.Remove(node);
        node.Run(() => CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance));
        _world.At(TimeSpan.FromSeconds(20), () => Replace(node));
    }

    private void Die(SimulatedNode node)
    {
        var address = AddressOf(node);
        _systems.Remove(node);
        _living.RemoveWhere(singleton => singleton.Node == node);
        node.Crash(_world.Random.Chance(0.5) ? CrashKind.Reset : CrashKind.Silent);
        _world.At(TimeSpan.FromSeconds(6), () =>
        {
            foreach (var other in Members()) other.Run(() => { Cluster.Get(_systems[other]).Down(address); return true; });
        });
        _world.At(TimeSpan.FromSeconds(20), () => Replace(node));
    }

    private void Replace(SimulatedNode node)
    {
        if (_systems.ContainsKey(node)) return;
        if (node.IsUp) node.Crash();
        _living.RemoveWhere(singleton => singleton.Node == node);
        node.Restart();
        Start(node);
    }

    private List<SimulatedNode> Members() => [.. _systems.Keys.Where(node => node.IsUp).OrderBy(node => node.Index)];

    private static Address AddressOf(SimulatedNode node) => Address.Parse($"akka.tcp://sim@{node.Host}:4053");

    private void Began(SimulatedNode node, object singleton)
    {
        _starts++;
        _living.Add((node, singleton));
        if (_living.Count > 1) _broken ??= $"at {_world.Now} {Two}: on {string.Join(" and ", _living.Select(s => s.Node))}";
    }

    private void Ended(SimulatedNode node, object singleton) => _living.Remove((node, singleton));

    /// <summary>Takes its time to end.</summary>
    private sealed class Singleton : UntypedActor, IWithTimers
    {
        public const string Ending = "end";

        private readonly SingletonWorld _run;
        private readonly SimulatedNode _node;

        public Singleton(SingletonWorld run, SimulatedNode node) => (_run, _node) = (run, node);

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => _run.Began(_node, this);

        protected override void PostStop() => _run.Ended(_node, this);

        protected override void OnReceive(object message)
        {
            if (message is Ending) Timers.StartSingleTimer("end", "now", TimeSpan.FromSeconds(_run._world.Random.Next(4)));
            else if (message is "now") Context.Stop(Self);
        }
    }
}
