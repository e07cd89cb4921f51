using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace ActorRuntime.Specs.Clustering;

/// <summary>One actor system that can be a member of a cluster, and the events that it has been told since its start.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    /// <summary>The fast timings that a test can wait for; downing is left to the test.</summary>
    private const string Fast =
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          actor {
            provider = cluster
            serializers.note = "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs"
            serialization-bindings { "ActorRuntime.Specs.Hosting.INote, ActorRuntime.Specs" = note }
            serialization-identifiers { "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs" = 4711 }
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
            phases.cluster-exiting.timeout = 3s
          }
          remote {
            retry-gate-closed-for = 1s
            log-remote-lifecycle-events = off
            dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          }
          cluster {
            downing-provider-class = "ActorRuntime.Specs.Clustering.DownNobody, ActorRuntime.Specs"
            retry-unsuccessful-join-after = 1s
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            allow-weakly-up-members = 2s
            periodic-tasks-initial-delay = 200ms
            failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s }
          }
        }
        """;

    private readonly Channel<object> _events = Channel.CreateUnbounded<object>();
    private readonly Channel<ClusterEvent.CurrentClusterState> _states = Channel.CreateUnbounded<ClusterEvent.CurrentClusterState>();
    private readonly IActorRef _stateReceiver;

    private ClusterNode(ActorSystem system)
    {
        System = system;
        Cluster = Cluster.Get(system);
        Listener = system.ActorOf(Props.Create(() => new EventListener(_events)));
        _stateReceiver = system.ActorOf(Props.Create(() => new StateReceiver(_states)));
        Cluster.Subscribe(Listener, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
    }

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal ActorSystem System { get; }

    internal Cluster Cluster { get; }

    internal IActorRef Listener { get; }

    internal Address Address => Cluster.SelfAddress;

    internal static ClusterNode Start(string config = "", int port = 0) =>
        new(ActorSystem.Create("fleet", ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.port = {port}")
            .WithFallback(ConfigurationFactory.ParseString(config)).WithFallback(ConfigurationFactory.ParseString(Fast))));

    /// <summary>A new incarnation at the address of one that has ended.</summary>
    internal ClusterNode StartAnew(string config = "") => Start(config, Address.Port!.Value);

    /// <summary>Nodes of one cluster, each Up in the eyes of all.</summary>
    internal static async Task<ClusterNode[]> Form(int count, string config = "")
    {
        var nodes = Enumerable.Range(0, count).Select(_ => Start(config)).ToArray();
        foreach (var node in nodes)
            node.Cluster.Join(nodes[0].Address);
        foreach (var node in nodes)
            await node.AllUp(nodes);
        return nodes;
    }

    /// <summary>Waits until it has been told of each of these, in any order, that it is Up.</summary>
    internal async Task AllUp(params ClusterNode[] nodes)
    {
        var missing = nodes.Select(node => node.Cluster.SelfUniqueAddress).ToHashSet();
        await Next<ClusterEvent.MemberUp>(up => missing.Remove(up.Member.UniqueAddress) && missing.Count == 0);
    }

    /// <summary>Asks for the state until it fits.</summary>
    internal async Task<ClusterEvent.CurrentClusterState> State(Func<ClusterEvent.CurrentClusterState, bool> fits)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Cluster.SendCurrentClusterState(_stateReceiver);
            var state = await _states.Reader.ReadAsync(limit.Token);
            if (fits(state))
                return state;
        }
    }

    /// <summary>The next event that fits, whatever comes before it; what has been passed over is gone.</summary>
    internal async Task<T> Next<T>(Func<T, bool>? fits = null) where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                if (await _events.Reader.ReadAsync(limit.Token) is T happened && fits?.Invoke(happened) != false)
                    return happened;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Address} was not told any fitting {typeof(T).Name} within {Patience}.");
        }
    }

    internal Task<T> Next<T>(ClusterNode about) where T : class, ClusterEvent.IMemberEvent =>
        Next<T>(happened => happened.Member.UniqueAddress.Equals(about.Cluster.SelfUniqueAddress));

    internal Task Unreachable(ClusterNode about) =>
        Next<ClusterEvent.UnreachableMember>(lost => lost.Member.UniqueAddress.Equals(about.Cluster.SelfUniqueAddress));

    /// <summary>Everything about one member from here on, up to its first event of the given type, as text: "MemberDowned" and so on.</summary>
    internal async Task<string> Story<TLast>(Address about) where TLast : class
    {
        var names = new List<string>();
        await Next<object>(happened =>
        {
            var member = (happened as ClusterEvent.IMemberEvent)?.Member ?? (happened as ClusterEvent.ReachabilityEvent)?.Member;
            if (member is null || !member.Address.Equals(about))
                return false;
            names.Add(happened.GetType().Name);
            return happened is TLast;
        });
        return string.Join(" ", names);
    }

    /// <summary>What is queued now, without waiting.</summary>
    internal List<object> Drain()
    {
        var drained = new List<object>();
        while (_events.Reader.TryRead(out var happened))
            drained.Add(happened);
        return drained;
    }

    /// <summary>Ends without a word to the cluster, as a killed process does.</summary>
    internal async Task Kill() => await System.Terminate().WaitAsync(Patience);

    public async ValueTask DisposeAsync() => await Kill();

    private sealed class EventListener : ReceiveActor
    {
        public EventListener(Channel<object> events) => ReceiveAny(happened => events.Writer.TryWrite(happened));
    }

    private sealed class StateReceiver : ReceiveActor
    {
        public StateReceiver(Channel<ClusterEvent.CurrentClusterState> states) =>
            Receive<ClusterEvent.CurrentClusterState>(state => states.Writer.TryWrite(state));
    }
}

/// <summary>A downing provider of the application's: it gives up nobody.</summary>
public sealed class DownNobody : IDowningProvider
{
    public DownNobody(ActorSystem system, Cluster cluster)
    {
        Assert.NotNull(system);
        Assert.Equal(system, cluster.System);
    }

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props? DowningActorProps => null;
}
