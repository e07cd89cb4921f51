using Akka.Actor;
using KvStore.Core.Identity;

namespace KvStore.Node.Membership;

/// <summary>Where the ring owner's messages go. Called by the ring owner alone; what cannot be delivered is lost, and asked again.</summary>
public interface IRingRoutes
{
    /// <summary>The ring owner of another member.</summary>
    IActorRef RingOf(NodeId node);

    /// <summary>The ring owner of whatever node is at HOST:PORT: its id is not known yet.</summary>
    IActorRef RingAt(string place);

    /// <summary>Takes requests for the replicas of any member, this node too.</summary>
    IActorRef ReplicasOf(NodeId node);

    /// <summary>Takes requests to fill any member's partitions, this node's too.</summary>
    IActorRef HandoffOf(NodeId node);
}
