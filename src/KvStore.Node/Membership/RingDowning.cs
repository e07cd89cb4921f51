using Akka.Actor;
using Akka.Cluster;
using KvStore.Core.Membership;

namespace KvStore.Node.Membership;

/// <summary>
/// The downing provider of a node: gives up a member of the actor systems' cluster only where the ring has let its node go, or a later
/// start of the node speaks from elsewhere; a minority goes on serving, and so does everybody while a node is dead. Where a node starts
/// again at its old address the cluster itself puts the new incarnation in the old one's place. Named by
/// <c>akka.cluster.downing-provider-class</c>.
/// </summary>
public sealed class RingDowning : IDowningProvider
{
    public RingDowning(ActorSystem system, Cluster cluster)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(cluster);
        // The book outlives a restart of the actor: what a ring has let go of is said once.
        var former = new FormerPlaces();
        DowningActorProps = Props.Create(() => new RingDowningActor(cluster, former));
    }

    /// <summary>Nothing runs on one node that another takes over.</summary>
    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props DowningActorProps { get; }
}
