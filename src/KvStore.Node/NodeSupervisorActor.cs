using Akka.Actor;
using Akka.Event;
using KvStore.Core;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Coordination;
using KvStore.Node.Disk;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage;

namespace KvStore.Node;

/// <summary>
/// /user/kv: starts the parts of the node in order and supervises them. A failure of the environment restarts the part that met it; a
/// broken invariant is our own bug, and after a failed sync nobody knows what the disk holds: both stop the node before it can do harm.
/// </summary>
internal sealed class NodeSupervisorActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeDisk _disk;
    private readonly IActorRef _storage;
    private readonly IActorRef _replicas;
    private readonly Started _started;
    private IActorRef? _starter;
    private IActorRef? _stopper;

    public NodeSupervisorActor(NodeSettings settings, Ring ring, Peers peers, NodeStart start, NodeDisk disk, LinkCounters counters, PlantedBugs bugs)
    {
        _disk = disk;
        var routes = new LinkRoutes();
        OpenLinks(settings, ring, peers, start, routes, counters);
        _storage = Context.ActorOf(StorageActor.Props(disk).WithDispatcher(StorageSettings.WriterDispatcher), "storage");
        var replication = new ReplicaContext(settings, ring, start, disk, _storage) { Bugs = bugs };
        _replicas = Context.ActorOf(ReplicasActor.Props(replication), "replicas");
        var reachability = new CurrentReachability();
        routes.Gossip = Context.ActorOf(
            GossipActor.Props(ring, peers, start, reachability, settings.Timeouts.GossipInterval), "gossip");
        var contexts = ContextSeals.Of(settings.Cluster, ring);
        var ballots = new BallotSource(settings.Id, start.Number);
        var context = new RequestContext(peers, _replicas, reachability, settings.Timeouts, contexts, ballots) { Bugs = bugs };
        _started = new Started(
            Context.ActorOf(CoordinatorActor.Props(context, ring, settings.Limits.RequestsInFlight), "coordinator"), reachability);
        (routes.Replicas, routes.Coordinator) = (_replicas, _started.Coordinator);
        Receive<GetStarted>(_ =>
        {
            _starter = Sender;
            _replicas.Tell(ReplicasActor.GetReady.Instance);
        });
        Receive<ReplicasActor.Ready>(_ => _starter?.Tell(_started));
        Receive<StopNode>(_ => OnStop());
        Receive<ReplicasActor.ReplicasClosed>(OnReplicasClosed);
        Receive<StorageProtocol.DiskClosed>(_ => SayStopped(isClean: true));
    }

    public static Props Props(NodeSettings settings, Ring ring, Peers peers, NodeStart start, NodeDisk disk, LinkCounters counters, PlantedBugs bugs) =>
        Akka.Actor.Props.Create(() => new NodeSupervisorActor(settings, ring, peers, start, disk, counters, bugs));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        if (IsLostDisk(failure))
            _log.Error(failure, "The disk has failed a write: what it holds is known only after a new start. This node stops; nothing that was "
                + "not acknowledged is promised. Look at the disk, then start the node again.");
        else if (IsOurBug(failure))
            _log.Error(failure, "A bug in KvStore: this node stops, before it does harm. Restart it, and report the text above.");
        else return Directive.Restart;
        _disk.IsBroken = true;
        Context.System.Terminate();
        return Directive.Stop;
    });

    /// <summary>First of all: whoever comes after finds a link to every peer.</summary>
    private static void OpenLinks(
        NodeSettings settings, Ring ring, Peers peers, NodeStart start, LinkRoutes routes, LinkCounters counters)
    {
        var self = LinkIdentity.Of(ring.Cluster, settings.Id, start, Context.System.Scheduler.Now);
        foreach (var peer in peers.All)
        {
            var props = PeerLinkActor.Props(self, peer, settings.Links, routes, counters);
            peers.OnLinkOpened(peer.Node, Context.ActorOf(props, PeerLinkActor.NameOf(peer.Node)));
        }
    }

    /// <summary>An actor that cannot even be created was built wrong by us, as much as one whose invariant broke.</summary>
    private static bool IsOurBug(Exception failure) => failure is InvariantViolationException or ActorInitializationException;

    private static bool IsLostDisk(Exception failure) => failure is StoreFailedException;

    private void OnStop()
    {
        if (_stopper is not null) return;
        _stopper = Sender;
        if (_disk.IsBroken) SayStopped(isClean: false);
        else _replicas.Tell(ReplicasActor.CloseReplicas.Instance);
    }

    private void OnReplicasClosed(ReplicasActor.ReplicasClosed closed)
    {
        if (closed.IsClean && !_disk.IsBroken) _storage.Tell(StorageProtocol.CloseDisk.Instance);
        else SayStopped(isClean: false);
    }

    private void SayStopped(bool isClean)
    {
        _log.Info("This node has stopped {How}", isClean ? "in order" : "without having written everything down; the next start looks through its data");
        _stopper?.Tell(new Stopped(isClean));
    }

    /// <summary>Asks for the parts that doors talk to. Answered with <see cref="Started"/> when every replica takes requests.</summary>
    public sealed class GetStarted
    {
        public static readonly GetStarted Instance = new();
    }

    public sealed record Started(IActorRef Coordinator, CurrentReachability Reachability);

    /// <summary>End what is under way and write everything down. Answered with <see cref="Stopped"/>.</summary>
    public sealed class StopNode
    {
        public static readonly StopNode Instance = new();
    }

    public sealed record Stopped(bool IsClean);
}
