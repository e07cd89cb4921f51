using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Makes the <see cref="Cluster"/> of a system.</summary>
public class ClusterExtension : ExtensionIdProvider<Cluster>
{
    public override Cluster CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);
}
