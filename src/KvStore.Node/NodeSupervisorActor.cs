using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Remote;
using KvStore.Core.Identity;
using KvStore.Core.Links;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Data;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Coordination;
using KvStore.Node.Disk;
using KvStore.Node.Handoff;
using KvStore.Node.Hints;
using KvStore.Node.Keeping;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Persistence;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage;

namespace KvStore.Node;

/// <summary>
/// /user/kv: starts the parts of the node in order and supervises them. A failure of the environment restarts the part that met it; a
/// broken invariant is our own bug, and after a failed sync nobody knows what the disk holds: both stop the node before it can do harm.
/// <para>Invariant: a part that has stopped though nobody asked it to is missed: the ring's owner, which a journal that fails stops, starts
/// again after a pause; without any other the node stops, in order.</para>
/// </summary>
internal sealed class NodeSupervisorActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarnEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeContext _node;
    private readonly LinkRoutes _routes = new();
    private readonly IActorRef _storage;
    private readonly IActorRef _ringOwner;
    private PeerIdentity? _identity;
    private IReadOnlyList<(NodeId Peer, PeerStartRecord Last)>? _lastStarts;
    private IActorRef? _replicas;
    private bool _isTurnedAway;
    private Started? _started;
    private IActorRef? _starter;
    private IActorRef? _stopper;
    private IDisposable? _gauges;

    public NodeSupervisorActor(NodeContext node)
    {
        _node = node;
        _storage = StartPart(StorageActor.Props(node.Disk).WithDispatcher(StorageSettings.WriterDispatcher), "storage");
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.Excluded));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        _ringOwner = StartPart(RingOwner(), "ring");
        (_routes.Ring, _routes.Storage) = (_ringOwner, _storage);
        Receive<CurrentRing.RingChanged>(changed => OnRing(changed.Ring));
        Receive<CurrentRing.Excluded>(_ => OnExcluded());
        Receive<ThisActorSystemQuarantinedEvent>(OnQuarantined);
        Receive<PeerLinkActor.TurnedAway>(OnTurnedAway);
        Receive<GetStarted>(_ =>
        {
            _starter = Sender;
            _replicas?.Tell(ReplicasActor.GetReady.Instance);
        });
        Receive<ReplicasActor.Ready>(_ => _starter?.Tell(_started!));
        Receive<StopNode>(_ => OnStop());
        Receive<ReplicasActor.ReplicasClosed>(OnReplicasClosed);
        Receive<StorageProtocol.DiskClosed>(_ => SayStopped(isClean: true));
        Receive<Warn>(_ => _log.Warning("Remoting listens beyond this machine and asks for no certificates (kv-store.cluster.insecure = on): whoever "
            + "reaches its port is trusted as a node"));
        Receive<Terminated>(stopped => OnPartStopped(stopped.ActorRef));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeContext node) => Akka.Actor.Props.Create(() => new NodeSupervisorActor(node));

    protected override void PreStart()
    {
        _gauges = NodeGauges.Observe(_node);
        if (_node.Settings.Remoting.IsExposed) Timers.StartPeriodicTimer(Warn.Instance, Warn.Instance, TimeSpan.Zero, WarnEvery);
    }

    protected override void PostStop() => _gauges?.Dispose();

    private NodeDisk Disk => _node.Disk;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        if (KvSupervision.IsLostDisk(failure))
            _log.Error(failure, "The disk has failed a write: what it holds is known only after a new start. This node stops; nothing that was "
                + "not acknowledged is promised. Look at the disk, then start the node again.");
        else if (KvSupervision.IsOurBug(failure))
            _log.Error(failure, "A bug in KvStore: this node stops, before it does harm. Restart it, and report the text above.");
        else return Directive.Restart;
        Disk.IsBroken = true;
        Context.System.Terminate();
        return Directive.Stop;
    });

    /// <summary>A part that the node cannot do without.</summary>
    private static IActorRef StartPart(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

    /// <summary>What a persistent actor's journal does not take stops it, by its nature; under the same address it begins anew from what is written.</summary>
    private Props RingOwner() => BackoffSupervisor.Props(
        Backoff.OnStop(RingOwnerActor.Props(RingContext()), "owner", ShortestPause, LongestPause, randomFactor: 0.2, maxNrOfRetries: -1)
            .WithSupervisorStrategy(KvSupervision.OfParts));

    private RingOwnerContext RingContext() => new(
        _node.Self, _node.Start.Number, new NodeRoutes(Context.System, _node.Peers, _routes), _node.Ring, _node.Reachability)
    {
        Cluster = Disk.Data.Identity.Cluster,
        First = _node.First,
        Founds = _node.Founds,
        Seeds = _node.Settings.Cluster.Seeds,
        Plugins = (EngineJournal.PluginId, EngineSnapshotStore.PluginId),
    };

    /// <summary>Links follow every ring; with the first one the rest of the node starts.</summary>
    private void OnRing(Ring ring)
    {
        OpenLinks(ring);
        if (_started is null && ring.Contains(_node.Self.Id)) StartParts(ring);
    }

    private void OpenLinks(Ring ring)
    {
        _identity ??= LinkIdentity.Of(ring.Cluster, Disk.Data.Identity, _node.Start, _node.StartedAt);
        _lastStarts ??= Disk.Data.PeerStarts();
        // A node that has left hears of it by its link: that one lives a little longer.
        foreach (var link in _node.Peers.Retain(ring))
            Context.System.Scheduler.ScheduleTellOnce(LastWords, link, PoisonPill.Instance, ActorRefs.NoSender);
        foreach (var member in ring.Members.Where(member => member.Id != _node.Self.Id && !_node.Peers.Knows(member.Id)))
        {
            var peer = _node.Peers.AddressOf(member);
            foreach (var (_, last) in _lastStarts.Where(known => known.Peer == member.Id)) peer.Remember(last);
            var props = PeerLinkActor.Props(_identity, peer, _node.Settings.Links, _routes, _node.Counters);
            _node.Peers.OnLinkOpened(peer, Context.ActorOf(props, PeerLinkActor.NameOf(peer.Node)));
        }
    }

    private void StartParts(Ring ring)
    {
        var settings = _node.Settings;
        Disk.Data.Join(ring.Cluster, []);
        var replication = new ReplicaContext(settings, _node.Ring, _node.Start, Disk, _storage) { Peers = _node.Peers, Bugs = _node.Bugs };
        _replicas = StartPart(ReplicasActor.Props(replication), "replicas");
        _routes.Gossip = StartPart(GossipActor.Props(_node, _ringOwner), "gossip");
        var antiEntropy = StartPart(
            AntiEntropyActor.Props(settings, _node.Start, _node.Ring, _node.Reachability, _node.Healing, _replicas), "anti-entropy");
        var keeping = new HintContext(settings.Hints, _node.Ring, _node.Peers, _node.Reachability, Disk, _storage, _replicas, antiEntropy)
        {
            Counters = _node.Healing,
        };
        var hints = _routes.Hints = StartPart(HintActor.Props(keeping), "hints");
        var ballots = new BallotSource(settings.Id, _node.Start.Number);
        var context = new RequestContext(
            _node.Ring, _ringOwner, _node.Peers, _replicas, _node.Reachability, settings.Timeouts, ContextSeals.Of(settings.Cluster, ring), ballots)
        {
            Hints = hints,
            AntiEntropy = antiEntropy,
            Bugs = _node.Bugs,
            Requests = _node.Requests,
        };
        var moves = new HandoffContext(settings.Id, Disk, _storage, _replicas, _node.Ring, _node.Peers.Link, _ringOwner)
        {
            OperationOn = (plan, request, asker) => QuorumRegister.Props(context, plan, request, asker),
        };
        var handoff = StartPart(HandoffActor.Props(moves), "handoff");
        StartPart(LeftoversActor.Props(moves, hints), "leftovers");
        if (Context.System.Settings.HasCluster)
        {
            _routes.Seat = StartPart(ClusterSeatActor.Props(_node, Context.System.Scheduler.MonotonicClock), "seat");
            StartPart(KeepersActor.Props(_node, _ringOwner, antiEntropy), "keepers");
        }
        var coordinator = StartPart(CoordinatorActor.Props(context, settings.Limits.RequestsInFlight), "coordinator");
        (_routes.Replicas, _routes.Coordinator, _routes.Handoff) = (_replicas, coordinator, handoff);
        _started = new Started(coordinator, _ringOwner, handoff, hints, antiEntropy, _replicas);
        if (_starter is not null) _replicas.Tell(ReplicasActor.GetReady.Instance);
    }

    /// <summary>Nothing passes between the two any more, in either direction, until this process has started anew.</summary>
    private void OnQuarantined(ThisActorSystemQuarantinedEvent quarantined)
    {
        _log.Error("{Remote} has given this process up and will not speak with it again. It stops; its data is whole: start the node again.",
            quarantined.RemoteAddress);
        CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    private void OnExcluded()
    {
        _log.Info("This node is no member of the ring any more, and has handed over what it had. It stops; to come back it needs an empty data "
            + "directory, and so a new id.");
        CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    /// <summary>
    /// What this node has forgotten, or what another process has said in its name, it cannot know: it stops at once, and remembers that it must not
    /// start again rather than count its starts up until it is believed.
    /// </summary>
    private void OnTurnedAway(PeerLinkActor.TurnedAway turned)
    {
        if (_isTurnedAway) return;
        _isTurnedAway = true;
        try
        {
            Disk.Data.MarkTurnedAway($"node {turned.By} has turned this node away ({turned.Reason})");
        }
        catch (StorageException failure)
        {
            _log.Error(failure, "The disk does not take it that this node was turned away; at its next start it is told again");
        }
        _log.Error("Node {By} has turned this node away: {Reason}. It stops, and does not start with this data again; nothing was changed on the other "
            + "nodes. Have a node with a new id, and so an empty data directory, take its place (kv replace).", turned.By, turned.Reason);
        CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    /// <summary>Everything else goes on as if that part were slow, which it will be for ever.</summary>
    private void OnPartStopped(IActorRef part)
    {
        if (_stopper is not null || Disk.IsBroken) return;
        Disk.IsBroken = part.Equals(_replicas) || part.Equals(_storage); // then nobody is left to write down what a clean stop promises
        _log.Error("{Part} has stopped though nobody asked it to, and without it this node would serve by halves. It stops; its data is whole: start "
            + "the node again, and report the lines above.", part.Path.Name);
        CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
    }

    private void OnStop()
    {
        if (_stopper is not null) return;
        _stopper = Sender;
        if (Disk.IsBroken) SayStopped(isClean: false);
        else if (_replicas is null) _storage.Tell(StorageProtocol.CloseDisk.Instance);
        else _replicas.Tell(ReplicasActor.CloseReplicas.Instance);
    }

    private void OnReplicasClosed(ReplicasActor.ReplicasClosed closed)
    {
        if (closed.IsClean && !Disk.IsBroken) _storage.Tell(StorageProtocol.CloseDisk.Instance);
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

    public sealed record Started(
        IActorRef Coordinator, IActorRef RingOwner, IActorRef Handoff, IActorRef Hints, IActorRef AntiEntropy, IActorRef Replicas);

    /// <summary>End what is under way and write everything down. Answered with <see cref="Stopped"/>.</summary>
    public sealed class StopNode
    {
        public static readonly StopNode Instance = new();
    }

    public sealed record Stopped(bool IsClean);

    /// <summary>It is time to say again what the owner has taken upon himself.</summary>
    private sealed class Warn
    {
        public static readonly Warn Instance = new();
    }
}
