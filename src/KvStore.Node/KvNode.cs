using Akka;
using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Storage;

namespace KvStore.Node;

/// <summary>
/// One node of the store inside an actor system: opens its data, starts <c>/user/kv</c>, and is what doors hold on to. Any thread.
/// </summary>
public sealed class KvNode
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private KvNode(NodeSettings settings, Ring ring, NodeDisk disk, IActorRef supervisor, NodeSupervisorActor.Started parts) =>
        (Settings, Ring, Disk, Supervisor, Coordinator, Reachability) =
        (settings, ring, disk, supervisor, parts.Coordinator, parts.Reachability);

    public NodeSettings Settings { get; }

    /// <summary>The ring that this node serves.</summary>
    public Ring Ring { get; }

    /// <summary>The node's data set.</summary>
    public NodeDisk Disk { get; }

    public IActorRef Supervisor { get; }

    /// <summary>Takes <see cref="Wire.ClientProtocol"/> requests.</summary>
    public IActorRef Coordinator { get; }

    /// <summary>What went between this node and the others.</summary>
    public required LinkCounters Links { get; init; }

    /// <summary>Whom this node can reach, in its own opinion.</summary>
    public CurrentReachability Reachability { get; }

    /// <summary>
    /// Opens the node's data and starts its actors; done when every replica takes requests. The ring is planned from the settings' member
    /// list, which is the same on every node, and so is the plan. A coordinated shutdown of the actor system stops the node in order.
    /// </summary>
    /// <exception cref="DataSetException">The data directory is another node's or another cluster's.</exception>
    /// <exception cref="StorageException">The data directory is in use, damaged, or of a newer release.</exception>
    /// <exception cref="SettingsException">The member list does not name this node.</exception>
    public static Task<KvNode> Start(ActorSystem system, NodeSettings settings, NodeStartup startup) =>
        Start(system, settings, startup, PlantedBugs.None);

    /// <summary>As <see cref="Start(ActorSystem, NodeSettings, NodeStartup)"/>, with defects switched on for a test of the tests.</summary>
    internal static async Task<KvNode> Start(ActorSystem system, NodeSettings settings, NodeStartup startup, PlantedBugs bugs)
    {
        var disk = NodeDisk.Get(system);
        var data = disk.Open(settings, startup);
        settings = settings.Of(data.Identity.Node);
        var ring = StaticRing.Of(settings, startup.Buckets);
        data.Join(ring.Cluster, BeginningsOf(settings, ring, startup.Init));

        var peers = new Peers(system, settings);
        var start = new NodeStart(data.StartNumber);
        var counters = new LinkCounters();
        var supervisor = system.ActorOf(NodeSupervisorActor.Props(settings, ring, peers, start, disk, counters, bugs), "kv");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "kv-stop", () => Stop(supervisor));
        var started = await supervisor.Ask<NodeSupervisorActor.Started>(NodeSupervisorActor.GetStarted.Instance, StartPatience);
        ClientDoor.Open(system, settings, started.Coordinator);
        return new KvNode(settings, ring, disk, supervisor, started) { Links = counters };
    }

    /// <summary>How many partitions this node is a primary of.</summary>
    public int PartitionCount => Ring.PartitionsOf(Settings.Id, Settings.Quorum.N).Count();

    /// <summary>How many keys this node's replicas hold, deleted ones that are not forgotten yet among them.</summary>
    public long Keys => Disk.Keys.Sum();

    /// <summary>Where a member is reached by other nodes.</summary>
    public static string AddressOf(string systemName, MemberAddress member) => $"akka.tcp://{systemName}@{member.Host}:{member.Port}";

    /// <summary>What the partitions of this node begin with: nothing, which is all there is in a new cluster, and else yet to be filled.</summary>
    private static IEnumerable<(PartitionId Partition, ReplicaMeta Meta)> BeginningsOf(NodeSettings settings, Ring ring, bool init) =>
        ring.PartitionsOf(settings.Id, settings.Quorum.N)
            .Select(partition => (partition, (init ? ReplicaMeta.New : ReplicaMeta.ToBeFilled) with { Fence = ring.Epoch }));

    private static async Task<Done> Stop(IActorRef supervisor)
    {
        try
        {
            await supervisor.Ask<NodeSupervisorActor.Stopped>(NodeSupervisorActor.StopNode.Instance, StopPatience);
        }
        catch (AskTimeoutException)
        {
            // The system goes down all the same; the next start finds no clean-stop marker and looks through the data.
        }
        return Done.Instance;
    }
}
