using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit;

namespace ActorRuntime.Specs.ClusterTools;

/// <summary>
/// The base of specs about clusters of several systems in one process, over loopback TCP, with short intervals. The test's own system
/// can be a member or a client; nothing joins by itself.
/// </summary>
public abstract class ToolsSpec : Spec
{
    /// <summary>How long a change of membership may take on a busy machine.</summary>
    protected static readonly TimeSpan Change = TimeSpan.FromSeconds(30);

    private const string Clustering =
        """
        akka {
          actor {
            provider = cluster
            serializers.note = "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs"
            serialization-bindings { "ActorRuntime.Specs.Hosting.INote, ActorRuntime.Specs" = note }
            serialization-identifiers { "ActorRuntime.Specs.Hosting.NoteSerializer, ActorRuntime.Specs" = 4711 }
          }
          remote {
            retry-gate-closed-for = 200ms
            log-remote-lifecycle-events = off
            dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          }
          # Ending a system is abrupt; leaving is what a spec asks for.
          coordinated-shutdown.run-by-actor-system-terminate = off
          cluster {
            downing-provider-class = "ActorRuntime.Specs.ClusterTools.NeverDown, ActorRuntime.Specs"
            log-info = off
            periodic-tasks-initial-delay = 100ms
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            unreachable-nodes-reaper-interval = 100ms
            retry-unsuccessful-join-after = 500ms
            failure-detector { heartbeat-interval = 300ms, acceptable-heartbeat-pause = 5s }
            singleton.hand-over-retry-interval = 200ms
            singleton-proxy.singleton-identification-interval = 100ms
            pub-sub.gossip-interval = 100ms
            client {
              establishing-get-contacts-interval = 300ms
              refresh-contacts-interval = 500ms
              heartbeat-interval = 200ms
              acceptable-heartbeat-pause = 2s
              receptionist {
                heartbeat-interval = 200ms
                acceptable-heartbeat-pause = 2s
                failure-detection-interval = 200ms
              }
            }
          }
        }
        """;

    private readonly List<ActorSystem> _systems = [];

    protected ToolsSpec(string config = "")
        : base(config + "\n" + Clustering)
    {
    }

    protected static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>A further system, which has joined nothing yet.</summary>
    protected ActorSystem NewSystem(string config = "")
    {
        var system = ActorSystem.Create(
            Sys.Name, ConfigurationFactory.ParseString(config).WithFallback(Sys.Settings.Config));
        _systems.Add(system);
        return system;
    }

    /// <summary>Makes these systems a cluster, the first one the oldest, and waits until each sees all of them up.</summary>
    protected async Task Form(params ActorSystem[] systems)
    {
        foreach (var system in systems)
        {
            await Cluster.Get(system).JoinAsync(AddressOf(systems[0])).WaitAsync(Change);
        }
        AwaitUp(systems);
    }

    protected void AwaitUp(params ActorSystem[] systems)
    {
        foreach (var system in systems)
        {
            AwaitCondition(() => systems.All(other => StatusOf(other, system) == MemberStatus.Up), Change);
        }
    }

    /// <summary>Waits until <paramref name="system"/> knows nothing of <paramref name="gone"/> any more.</summary>
    protected void AwaitRemoved(Address gone, ActorSystem system) =>
        AwaitCondition(() => Cluster.Get(system).State.Members.All(m => m.Address != gone), Change);

    /// <summary>Leaves the cluster in order, and ends.</summary>
    protected static async Task Leave(ActorSystem system) =>
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(Change);

    protected override void AfterAll()
    {
        foreach (var system in _systems)
        {
            Shutdown(system, Change);
        }
        base.AfterAll();
    }

    private static MemberStatus? StatusOf(ActorSystem of, ActorSystem seenBy) =>
        Cluster.Get(seenBy).State.Members.FirstOrDefault(m => m.Address == AddressOf(of))?.Status;
}

/// <summary>Leaves every decision to downing members to the spec.</summary>
public sealed class NeverDown : IDowningProvider
{
    public NeverDown(ActorSystem system, Cluster cluster)
    {
    }

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props? DowningActorProps => null;
}
