using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>
/// The base of specs about sharding: nodes of one cluster in this process, over loopback TCP. Nobody is downed unless the spec
/// says so.
/// </summary>
public abstract class ShardingSpec : IAsyncLifetime
{
    /// <summary>How long what will come may take on a busy machine.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>Several retry intervals: what has not come by then is not on its way.</summary>
    protected static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private const string Settings =
        """
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off }
          actor {
            provider = cluster
            serializers.spoken = "ActorRuntime.Specs.ClusterSharding.SpokenSerializer, ActorRuntime.Specs"
            serialization-bindings { "ActorRuntime.Specs.ClusterSharding.ISpoken, ActorRuntime.Specs" = spoken }
          }
          remote {
            retry-gate-closed-for = 200ms
            log-remote-lifecycle-events = off
            dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          }
          cluster {
            downing-provider-class = "ActorRuntime.Specs.ClusterSharding.DownsNobody, ActorRuntime.Specs"
            log-info = off
            retry-unsuccessful-join-after = 1s
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            unreachable-nodes-reaper-interval = 100ms
            periodic-tasks-initial-delay = 100ms
            allow-weakly-up-members = 2s
            failure-detector { heartbeat-interval = 300ms, acceptable-heartbeat-pause = 2s, expected-response-after = 300ms }
            singleton.hand-over-retry-interval = 200ms
            sharding {
              state-store-mode = ddata
              passivate-idle-entity-after = off
              retry-interval = 200ms
              rebalance-interval = 300ms
              updating-state-timeout = 1s
              waiting-for-state-timeout = 1s
              distributed-data.gossip-interval = 200ms
              distributed-data.notify-subscribers-interval = 100ms
            }
          }
        }
        """;

    private readonly List<ShardNode> _nodes = [];

    protected Wishes Wishes { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_nodes.Select(n => n.System.Terminate().WaitAsync(Soon)));

    /// <summary>Starts a node, joins it to the first one, and waits until it is Up everywhere.</summary>
    protected async Task<ShardNode> StartNode(string config = "")
    {
        var system = ActorSystem.Create("spec",
            ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString(Settings)));
        var node = new ShardNode(system, Wishes);
        _nodes.Add(node);
        node.Cluster.Join(_nodes[0].Address);
        await Eventually(() => Assert.All(_nodes.Where(n => !n.IsGone), n => Assert.Contains(n.Cluster.State.Members,
            m => m.Address.Equals(node.Address) && m.Status == MemberStatus.Up)));
        return node;
    }

    /// <summary>Starts so many nodes with a region each, and waits until all regions are registered.</summary>
    protected async Task<ShardNode[]> StartRegions(int count, string config = "")
    {
        var nodes = new ShardNode[count];
        for (var i = 0; i < count; i++)
        {
            nodes[i] = await StartNode(config);
            nodes[i].StartRegion();
            await Registered(nodes[i], i + 1);
        }
        return nodes;
    }

    /// <summary>Waits until the coordinator knows so many regions, as this node sees it.</summary>
    protected static Task Registered(ShardNode node, int regions) =>
        Eventually(async () => Assert.Equal(regions, (await node.CurrentRegions()).Regions.Count));

    protected static async Task Unreachable(ShardNode seenBy, ShardNode node) =>
        await Eventually(() => Assert.Contains(seenBy.Cluster.State.Unreachable, m => m.Address.Equals(node.Address)));

    protected static Task Eventually(Action assertion) => Eventually(() =>
    {
        assertion();
        return Task.CompletedTask;
    });

    /// <summary>Tries the assertion again and again until it holds; its last failure is the spec's.</summary>
    protected static async Task Eventually(Func<Task> assertion)
    {
        using var end = new CancellationTokenSource(Soon);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception e) when (!end.IsCancellationRequested && e is Xunit.Sdk.XunitException or AskTimeoutException)
            {
                await pause.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}

/// <summary>Downs nobody.</summary>
public sealed class DownsNobody(ActorSystem system, Cluster cluster) : IDowningProvider
{
    public ActorSystem System { get; } = system;

    public Cluster Cluster { get; } = cluster;

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props? DowningActorProps => null;
}
