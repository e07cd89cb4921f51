using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Membership;
using Akka.Configuration;
using Troupe.Platform;
using Troupe.Simulation;

namespace Troupe.Tests.Clustering;

/// <summary>One life of a node of a simulated cluster: an actor system, and what its subscriber has been told.</summary>
internal sealed class SimulatedMember
{
    internal const int Port = 4053;

    private const string Common =
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          actor.provider = cluster
          coordinated-shutdown.run-by-actor-system-terminate = off
          remote { dot-netty.tcp.port = 4053, retry-gate-closed-for = 1s }
          cluster {
            downing-provider-class = "Akka.Cluster.NoDowning"
            retry-unsuccessful-join-after = 2s
          }
        }
        """;

    private readonly World _world;

    private SimulatedMember(World world, SimulatedNode node, ActorSystem system, Action<SimulatedMember, object>? told)
    {
        _world = world;
        Node = node;
        Life = node.Life;
        System = system;
        Cluster = Cluster.Get(system);
        Self = Cluster.SelfUniqueAddress;
        var listener = system.ActorOf(Props.Create(() => new Listener(this, told)));
        Cluster.Subscribe(listener, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
    }

    internal SimulatedNode Node { get; }

    /// <summary>Which life of its node this is.</summary>
    internal int Life { get; }

    internal ActorSystem System { get; }

    internal Cluster Cluster { get; }

    internal UniqueAddress Self { get; }

    /// <summary>When, in virtual time, and what.</summary>
    internal List<(TimeSpan At, object Event)> Events { get; } = [];

    internal bool IsLeaving { get; private set; }

    internal bool HasLeft { get; private set; }

    internal static SimulatedMember Start(World world, SimulatedNode node, ClusterBugs bugs = ClusterBugs.None,
        Action<SimulatedMember, object>? told = null, string config = "") => node.Run(() =>
    {
        var settings = ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.hostname = \"{node.Host}\"")
            .WithFallback(ConfigurationFactory.ParseString(config)).WithFallback(ConfigurationFactory.ParseString(Common));
        var setup = BootstrapSetup.Create().WithConfig(settings)
            .And(new SeamsSetup(node.CreateSeams())).And(new ClusterBugsSetup(bugs));
        return new SimulatedMember(world, node, ActorSystem.Create("fleet", setup), told);
    });

    internal static Address AddressOf(SimulatedNode node) => new("akka.tcp", "fleet", node.Host, Port);

    internal void Join(SimulatedNode by) => Node.Run(() =>
    {
        Cluster.Join(AddressOf(by));
        return true;
    });

    internal Task Leave() => Node.Run(async () =>
    {
        IsLeaving = true;
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.UnknownReason.Instance);
        HasLeft = true;
    });

    /// <summary>Does it see exactly these members, all Up and none unreachable?</summary>
    internal bool Sees(IReadOnlyCollection<SimulatedMember> members)
    {
        var state = Cluster.State;
        return state.Unreachable.IsEmpty && state.Members.All(member => member.Status == MemberStatus.Up)
            && state.Members.Select(member => member.UniqueAddress).SequenceEqual(members.Select(member => member.Self).Order());
    }

    public override string ToString() => $"{Node.Name}/{Self.Uid}";

    private sealed class Listener : UntypedActor
    {
        private readonly SimulatedMember _owner;
        private readonly Action<SimulatedMember, object>? _told;

        public Listener(SimulatedMember owner, Action<SimulatedMember, object>? told) => (_owner, _told) = (owner, told);

        protected override void OnReceive(object message)
        {
            _owner.Events.Add((_owner._world.Now, message));
            _told?.Invoke(_owner, message);
        }
    }
}
