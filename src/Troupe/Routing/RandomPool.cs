using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A pool that sends each message to a routee drawn at random.</summary>
public sealed class RandomPool : Pool
{
    public RandomPool(int nrOfInstances)
        : this(new PoolSettings(nrOfInstances))
    {
    }

    public RandomPool(Config config)
        : this(PoolSettings.From(config))
    {
    }

    private RandomPool(PoolSettings settings)
        : base(settings)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RandomLogic(((ActorSystemImpl)system).Seams.Entropy));

    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    public RandomPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(Settings with { SupervisorStrategy = strategy });

    public RandomPool WithDispatcher(string dispatcher) => new(Settings with { RouterDispatcher = dispatcher });

    public override RouterConfig WithFallback(RouterConfig routerConfig) => new RandomPool(Merged(routerConfig));
}
