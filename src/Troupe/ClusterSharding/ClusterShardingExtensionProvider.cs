using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Makes and finds the <see cref="ClusterSharding"/> of a system.</summary>
public sealed class ClusterShardingExtensionProvider : ExtensionIdProvider<ClusterSharding>
{
    public override ClusterSharding CreateExtension(ExtendedActorSystem system) => new(system);
}
