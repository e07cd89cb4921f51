using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node.Coordination;

/// <summary>What every request actor of one coordinator needs and none may change.</summary>
/// <param name="Current">The ring in force; there is one before there are requests.</param>
/// <param name="RingOwner">Knows how to get a newer one.</param>
/// <param name="Peers">The other nodes.</param>
/// <param name="Replicas">The parent of this node's own replicas.</param>
/// <param name="Reachability">Who can be reached now.</param>
/// <param name="Timeouts">How long a request and a replica may take.</param>
/// <param name="Contexts">Seals and opens what clients carry from a read to a write.</param>
/// <param name="Ballots">Where this node's ballots on strong keys come from.</param>
public sealed record RequestContext(
    CurrentRing Current, IActorRef RingOwner, Peers Peers, IActorRef Replicas, CurrentReachability Reachability, TimeoutSettings Timeouts,
    CausalContextCodec Contexts, BallotSource Ballots)
{
    /// <summary>The ring in force now: a request that plans takes it once.</summary>
    public Ring Ring => Current.Value!;

    public NodeId Self => Peers.Self;

    /// <summary>Counts the children.</summary>
    public required RequestCounters Requests { get; init; }

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Books what this node keeps for owners that are away.</summary>
    public required IActorRef Hints { get; init; }

    /// <summary>Is told what an owner may lack.</summary>
    public required IActorRef AntiEntropy { get; init; }

    /// <summary>Takes requests for the replicas of any node, this one too.</summary>
    public IActorRef ReplicasOf(NodeId node) => node == Self ? Replicas : Peers.Link(node);

    public bool IsReachable(NodeId node) => node == Self || (Peers.IsLinked(node) && Reachability.IsReachable(node));
}
