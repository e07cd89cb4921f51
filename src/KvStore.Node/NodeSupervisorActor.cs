using Akka.Actor;
using Akka.Event;
using KvStore.Core;
using KvStore.Core.Coordination;
using KvStore.Core.Placement;
using KvStore.Node.Coordination;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Replication;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>
/// /user/kv: starts the parts of the node in order and supervises them. A failure of the environment restarts the part that met it; a
/// broken invariant is our own bug, and stops the node before it can do harm.
/// </summary>
internal sealed class NodeSupervisorActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public NodeSupervisorActor(NodeSettings settings, Ring ring, Peers peers, NodeStart start, LinkCounters counters, PlantedBugs bugs)
    {
        var routes = new LinkRoutes();
        OpenLinks(settings, ring, peers, start, routes, counters);
        var replicas = Context.ActorOf(ReplicasActor.Props(settings, ring, start), "replicas");
        var reachability = new CurrentReachability();
        routes.Gossip = Context.ActorOf(
            GossipActor.Props(ring, peers, start, reachability, settings.Timeouts.GossipInterval), "gossip");
        var quorum = Quorum.Create(settings.Quorum.N, settings.Quorum.R, settings.Quorum.W, sloppy: settings.Quorum.Sloppy);
        var contexts = ContextSeals.Of(settings.Cluster, ring);
        var context = new RequestContext(peers, replicas, reachability, settings.Timeouts, quorum, contexts) { Bugs = bugs };
        var coordinator = Context.ActorOf(
            CoordinatorActor.Props(context, ring, settings.Limits.RequestsInFlight), "coordinator");
        (routes.Replicas, routes.Coordinator) = (replicas, coordinator);
        Receive<GetStarted>(_ => Sender.Tell(new Started(coordinator, reachability)));
    }

    public static Props Props(NodeSettings settings, Ring ring, Peers peers, NodeStart start, LinkCounters counters, PlantedBugs bugs) =>
        Akka.Actor.Props.Create(() => new NodeSupervisorActor(settings, ring, peers, start, counters, bugs));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        if (!IsOurBug(failure)) return Directive.Restart;
        _log.Error(failure, "A bug in KvStore: this node stops, before it does harm. Restart it, and report the text above.");
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

    /// <summary>Asks for the parts that doors talk to. Answered with <see cref="Started"/>.</summary>
    public sealed class GetStarted
    {
        public static readonly GetStarted Instance = new();
    }

    public sealed record Started(IActorRef Coordinator, CurrentReachability Reachability);
}
