using Akka;
using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Data;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Coordination;
using KvStore.Node.Disk;
using KvStore.Node.Handoff;
using KvStore.Node.Hints;
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

    private readonly NodeContext _context;

    private readonly IActorRef _replicas;

    private KvNode(NodeContext context, IActorRef supervisor, NodeSupervisorActor.Started parts) =>
        (_context, Supervisor, Coordinator, RingOwner, Handoff, Hints, AntiEntropy, _replicas) =
        (context, supervisor, parts.Coordinator, parts.RingOwner, parts.Handoff, parts.Hints, parts.AntiEntropy, parts.Replicas);

    public NodeSettings Settings => _context.Settings;

    /// <summary>The ring that this node serves now.</summary>
    public Ring Ring => _context.Ring.Value!;

    /// <summary>The node's data set.</summary>
    public NodeDisk Disk => _context.Disk;

    public IActorRef Supervisor { get; }

    /// <summary>Takes <see cref="Wire.ClientProtocol"/> requests.</summary>
    public IActorRef Coordinator { get; }

    /// <summary>Takes <see cref="RingCommands"/>.</summary>
    public IActorRef RingOwner { get; }

    /// <summary>Says what partitions are on their way: <see cref="HandoffActor.GetTransfers"/>.</summary>
    public IActorRef Handoff { get; }

    /// <summary>What this node has coordinated, each in a child actor of its own.</summary>
    public RequestCounters Requests => _context.Requests;

    /// <summary>Answers <see cref="HintActor.GetStatus"/>.</summary>
    public IActorRef Hints { get; }

    /// <summary>Answers <see cref="AntiEntropyActor.GetStatus"/>, and takes <see cref="AntiEntropyActor.Repair"/>.</summary>
    public IActorRef AntiEntropy { get; }

    /// <summary>What went between this node and the others.</summary>
    public LinkCounters Links => _context.Counters;

    /// <summary>Whom this node can reach, in its own opinion.</summary>
    public CurrentReachability Reachability => _context.Reachability;

    /// <summary>Takes requests for the replicas of a member, this node too; what is sent to a node of no ring is lost.</summary>
    public IActorRef ReplicasOf(NodeId node) => node == Settings.Id ? _replicas : _context.Peers.Link(node);

    /// <summary>
    /// Opens the node's data and starts its actors; done when every replica takes requests, which for a node that joins is when it has been
    /// let in. The first ring is planned from the settings' member list, which is the same on every founder, and so is the plan; a node whose
    /// disk has a ring uses that. A coordinated shutdown of the actor system stops the node in order.
    /// </summary>
    /// <exception cref="DataSetException">The data directory is another node's or another cluster's, or a founder's that was lost, or the others
    /// have turned it away.</exception>
    /// <exception cref="StorageException">The data directory is in use, damaged, or of a newer release.</exception>
    /// <exception cref="SettingsException">The member list does not name this node.</exception>
    /// <exception cref="NodeStoppedException">It stopped before it had started.</exception>
    public static Task<KvNode> Start(ActorSystem system, NodeSettings settings, NodeStartup startup) =>
        Start(system, settings, startup, PlantedBugs.None);

    /// <summary>As <see cref="Start(ActorSystem, NodeSettings, NodeStartup)"/>, with defects switched on for a test of the tests.</summary>
    internal static async Task<KvNode> Start(ActorSystem system, NodeSettings settings, NodeStartup startup, PlantedBugs bugs)
    {
        var disk = NodeDisk.Get(system);
        // Of founders only a new cluster's have nothing yet.
        var data = disk.Open(settings, startup, mayBeEmpty: startup.Init || settings.Cluster.Members.Count == 0);
        settings = settings.Of(data.Identity.Node);
        var first = settings.Cluster.Members.Count > 0 ? StaticRing.Of(settings, startup.Buckets) : null;
        if (first is not null) data.Join(first.Cluster, BeginningsOf(settings, first, startup.Init));

        var self = first?.Member(settings.Id) ?? Joiner(system, settings);
        var own = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        var peers = own.HasGlobalScope ? new Peers(system.Name, settings.Id) { Protocol = own.Protocol } : new Peers(system.Name, settings.Id);
        var context = new NodeContext(settings, self, new NodeStart(data.StartNumber), disk, peers)
        {
            StartedAt = system.Scheduler.Now,
            First = first,
            Founds = startup.Init,
            JoinsByItself = startup.JoinsByItself,
            Bugs = bugs,
        };
        var supervisor = system.ActorOf(NodeSupervisorActor.Props(context), "kv");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "kv-stop", () => Stop(supervisor));
        var patience = first is null ? Timeout.InfiniteTimeSpan : StartPatience;
        var starting = supervisor.Ask<NodeSupervisorActor.Started>(NodeSupervisorActor.GetStarted.Instance, patience);
        await Task.WhenAny(starting, system.WhenTerminated);
        if (!starting.IsCompletedSuccessfully && system.WhenTerminated.IsCompleted)
            throw new NodeStoppedException(context.Ring.Value is { } ring && !ring.Contains(settings.Id));
        var started = await starting;
        ClientDoor.Open(system, started.Coordinator);
        return new KvNode(context, supervisor, started);
    }

    /// <summary>How many partitions this node is a primary of.</summary>
    public int PartitionCount => Ring.PartitionsOf(Settings.Id, Ring.Replicas).Count();

    /// <summary>How many keys this node's replicas hold, deleted ones that are not forgotten yet among them.</summary>
    public long Keys => Disk.Keys.Sum();

    /// <summary>A node that no list names is where its remoting says it is.</summary>
    private static RingMember Joiner(ActorSystem system, NodeSettings settings)
    {
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return RingMember.Of(settings.Id, $"{address.Host}:{address.Port}", settings.Cluster.Rack);
    }

    /// <summary>What the partitions of this node begin with: nothing, which is all there is in a new cluster, and else yet to be filled.</summary>
    private static IEnumerable<(PartitionId Partition, ReplicaMeta Meta)> BeginningsOf(NodeSettings settings, Ring ring, bool init) =>
        ring.PartitionsOf(settings.Id, ring.Replicas)
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
