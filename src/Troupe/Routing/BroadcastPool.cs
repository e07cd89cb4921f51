using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A pool that sends every message to all routees.</summary>
public sealed class BroadcastPool : Pool
{
    public BroadcastPool(int nrOfInstances)
        : this(new PoolSettings(nrOfInstances))
    {
    }

    public BroadcastPool(Config config)
        : this(PoolSettings.From(config))
    {
    }

    private BroadcastPool(PoolSettings settings)
        : base(settings)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic());

    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    public BroadcastPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(Settings with { SupervisorStrategy = strategy });

    public BroadcastPool WithDispatcher(string dispatcher) => new(Settings with { RouterDispatcher = dispatcher });

    public override RouterConfig WithFallback(RouterConfig routerConfig) => new BroadcastPool(Merged(routerConfig));
}
