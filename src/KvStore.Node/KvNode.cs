using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Placement;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>
/// One node of the store inside an actor system: starts <c>/user/kv</c>, and is what doors hold on to. Any thread.
/// </summary>
public sealed class KvNode
{
    private KvNode(NodeSettings settings, Ring ring, IActorRef supervisor, NodeSupervisorActor.Started parts) =>
        (Settings, Ring, Supervisor, Coordinator, Reachability) = (settings, ring, supervisor, parts.Coordinator, parts.Reachability);

    public NodeSettings Settings { get; }

    /// <summary>The ring that this node serves.</summary>
    public Ring Ring { get; }

    public IActorRef Supervisor { get; }

    /// <summary>Takes <see cref="Wire.ClientProtocol"/> requests.</summary>
    public IActorRef Coordinator { get; }

    /// <summary>What went between this node and the others.</summary>
    public required LinkCounters Links { get; init; }

    /// <summary>Whom this node can reach, in its own opinion.</summary>
    public CurrentReachability Reachability { get; }

    /// <summary>
    /// Starts the node's actors. The ring is planned from the settings' member list, which is the same on every node, and so is the plan.
    /// </summary>
    public static Task<KvNode> Start(ActorSystem system, NodeSettings settings, NodeStart start) =>
        Start(system, settings, start, PlantedBugs.None);

    /// <summary>As <see cref="Start(ActorSystem, NodeSettings, NodeStart)"/>, with defects switched on for a test of the tests.</summary>
    internal static async Task<KvNode> Start(ActorSystem system, NodeSettings settings, NodeStart start, PlantedBugs bugs)
    {
        var ring = StaticRing.Of(settings);
        var peers = new Peers(system, settings);
        var counters = new LinkCounters();
        var supervisor = system.ActorOf(NodeSupervisorActor.Props(settings, ring, peers, start, counters, bugs), "kv");
        var started = await supervisor.Ask<NodeSupervisorActor.Started>(NodeSupervisorActor.GetStarted.Instance, settings.Timeouts.Request);
        return new KvNode(settings, ring, supervisor, started) { Links = counters };
    }

    /// <summary>How many partitions this node is a primary of.</summary>
    public int PartitionCount => Ring.PartitionsOf(Settings.Id, Settings.Quorum.N).Count();

    /// <summary>Where a member is reached by other nodes.</summary>
    public static string AddressOf(string systemName, MemberAddress member) => $"akka.tcp://{systemName}@{member.Host}:{member.Port}";
}
