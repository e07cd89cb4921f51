using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A pool that sends to all routees and passes the first answer on.</summary>
public sealed class ScatterGatherFirstCompletedPool : Pool
{
    private const string DefaultWithin = "akka.actor.deployment.default.within";

    private readonly TimeSpan? _within;

    public ScatterGatherFirstCompletedPool(int nrOfInstances)
        : this(new PoolSettings(nrOfInstances), null)
    {
    }

    public ScatterGatherFirstCompletedPool(int nrOfInstances, TimeSpan within)
        : this(new PoolSettings(nrOfInstances), within)
    {
    }

    public ScatterGatherFirstCompletedPool(Config config)
        : this(PoolSettings.From(config), config.GetTimeSpan("within"))
    {
    }

    private ScatterGatherFirstCompletedPool(PoolSettings settings, TimeSpan? within)
        : base(settings)
    {
        _within = within;
    }

    public override Router CreateRouter(ActorSystem system) =>
        new(new ScatterGatherFirstCompletedRoutingLogic(system, _within ?? system.Settings.Config.GetTimeSpan(DefaultWithin)));

    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    public ScatterGatherFirstCompletedPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(Settings with { SupervisorStrategy = strategy }, _within);

    public ScatterGatherFirstCompletedPool WithDispatcher(string dispatcher) =>
        new(Settings with { RouterDispatcher = dispatcher }, _within);

    public override RouterConfig WithFallback(RouterConfig routerConfig) =>
        new ScatterGatherFirstCompletedPool(Merged(routerConfig), _within);

    private protected override bool SameAs(RouterConfig other) =>
        base.SameAs(other) && other is ScatterGatherFirstCompletedPool pool && _within == pool._within;
}
