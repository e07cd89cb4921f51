using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A pool that sends each message to the routee with the fewest messages queued.</summary>
public sealed class SmallestMailboxPool : Pool
{
    public SmallestMailboxPool(int nrOfInstances)
        : this(new PoolSettings(nrOfInstances))
    {
    }

    public SmallestMailboxPool(Config config)
        : this(PoolSettings.From(config))
    {
    }

    private SmallestMailboxPool(PoolSettings settings)
        : base(settings)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new SmallestMailboxRoutingLogic());

    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    public SmallestMailboxPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(Settings with { SupervisorStrategy = strategy });

    public SmallestMailboxPool WithDispatcher(string dispatcher) => new(Settings with { RouterDispatcher = dispatcher });

    public override RouterConfig WithFallback(RouterConfig routerConfig) => new SmallestMailboxPool(Merged(routerConfig));
}
