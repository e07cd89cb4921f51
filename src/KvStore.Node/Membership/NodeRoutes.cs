using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Node.Links;

namespace KvStore.Node.Membership;

/// <summary>The ring owner's ways in a running node: the links to the members, and the node's own parts once they are there.</summary>
internal sealed class NodeRoutes(ActorSystem system, Peers peers, LinkRoutes own) : IRingRoutes
{
    public IActorRef RingOf(NodeId node) => peers.Link(node);

    public IActorRef RingAt(string place) =>
        ((ExtendedActorSystem)system).Provider.ResolveActorRef($"{peers.At(place)}/user/kv/ring");

    public IActorRef ReplicasOf(NodeId node) => (node == peers.Self ? own.Replicas : peers.Link(node)) ?? ActorRefs.Nobody;

    public IActorRef HandoffOf(NodeId node) => (node == peers.Self ? own.Handoff : peers.Link(node)) ?? ActorRefs.Nobody;
}
