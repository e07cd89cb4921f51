using Akka.Actor;
using Akka.Cluster.Tools.Client;

namespace KvStore.Node;

/// <summary>
/// The door of .NET clients, where the actor system is one of a cluster: they find a node's coordinator through its receptionist, and the other
/// receptionists through the cluster's membership. Membership decides nothing else: who owns what is the ring's.
/// </summary>
internal static class ClientDoor
{
    public static void Open(ActorSystem system, IActorRef coordinator)
    {
        if (system.Settings.HasCluster) ClusterClientReceptionist.Get(system).RegisterService(coordinator);
    }
}
