using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Makes the regions of one type: their constructor is not for applications.</summary>
internal sealed class RegionProducer(Func<ShardRegion> region) : IIndirectActorProducer
{
    // A shard that fails is stopped with its entities; the next message makes it anew. Restarting it would leave their names
    // taken.
    private static readonly SupervisorStrategy StopsFailedShards = new OneForOneStrategy(_ => Directive.Stop);

    public Type ActorType => typeof(ShardRegion);

    public static Props Props(Func<ShardRegion> region) =>
        Actor.Props.CreateBy(new RegionProducer(region)).WithSupervisorStrategy(StopsFailedShards);

    public ActorBase Produce() => region();

    public void Release(ActorBase actor)
    {
    }
}
