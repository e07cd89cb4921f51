using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node.Coordination;

/// <summary>What every request actor of one coordinator needs and none may change.</summary>
/// <param name="Peers">The other nodes.</param>
/// <param name="Replicas">The parent of this node's own replicas.</param>
/// <param name="Reachability">Who can be reached now.</param>
/// <param name="Timeouts">How long a request and a replica may take.</param>
/// <param name="Quorum">How many replicas are asked and needed, unless a request says otherwise.</param>
/// <param name="Contexts">Seals and opens what clients carry from a read to a write.</param>
public sealed record RequestContext(
    Peers Peers, IActorRef Replicas, CurrentReachability Reachability, TimeoutSettings Timeouts, Quorum Quorum, CausalContextCodec Contexts)
{
    public NodeId Self => Peers.Self;

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Takes requests for the replicas of any node, this one too.</summary>
    public IActorRef ReplicasOf(NodeId node) => node == Self ? Replicas : Peers.Link(node);

    public bool IsReachable(NodeId node) => node == Self || Reachability.IsReachable(node);
}
