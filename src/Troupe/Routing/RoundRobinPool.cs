using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A pool that gives each routee its turn.</summary>
public sealed class RoundRobinPool : Pool
{
    public RoundRobinPool(int nrOfInstances)
        : this(new PoolSettings(nrOfInstances))
    {
    }

    public RoundRobinPool(Config config)
        : this(PoolSettings.From(config))
    {
    }

    private RoundRobinPool(PoolSettings settings)
        : base(settings)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic());

    public override int GetNrOfInstances(ActorSystem sys) => NrOfInstances;

    public RoundRobinPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(Settings with { SupervisorStrategy = strategy });

    public RoundRobinPool WithDispatcher(string dispatcher) => new(Settings with { RouterDispatcher = dispatcher });

    public override RouterConfig WithFallback(RouterConfig routerConfig) => new RoundRobinPool(Merged(routerConfig));
}
