using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>The receptionist, for those who start one of their own besides the extension's.</summary>
public sealed class ClusterReceptionist
{
    private ClusterReceptionist()
    {
    }

    public static Props Props(IActorRef pubSubMediator, ClusterReceptionistSettings settings)
    {
        ArgumentNullException.ThrowIfNull(pubSubMediator);
        ArgumentNullException.ThrowIfNull(settings);
        return Actor.Props.Create(() => new ReceptionistActor(pubSubMediator, settings)).WithDeploy(Deploy.Local);
    }
}
