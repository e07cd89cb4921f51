using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A pool in which messages of one key go to one routee.</summary>
public sealed class ConsistentHashingPool : Pool
{
    private readonly ConsistentHashMapping? _hashMapping;

    public ConsistentHashingPool(int nrOfInstances)
        : this(new PoolSettings(nrOfInstances), 0, null)
    {
    }

    public ConsistentHashingPool(int nrOfInstances, ConsistentHashMapping hashMapping)
        : this(new PoolSettings(nrOfInstances), 0, hashMapping)
    {
    }

    public ConsistentHashingPool(Config config)
        : this(PoolSettings.From(config), config.GetInt("virtual-nodes-factor"), null)
    {
    }

    private ConsistentHashingPool(PoolSettings settings, int virtualNodesFactor, ConsistentHashMapping? hashMapping)
        : base(settings)
    {
        VirtualNodesFactor = virtualNodesFactor;
        _hashMapping = hashMapping;
    }

    /// <summary>Points of each routee on the ring; 0: as the settings say.</summary>
    public int VirtualNodesFactor { get; }

    public override Router CreateRouter(ActorSystem system) =>
        new(new ConsistentHashingRoutingLogic(system, VirtualNodesFactor, _hashMapping));

    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    public ConsistentHashingPool WithVirtualNodesFactor(int vnodes) => new(Settings, vnodes, _hashMapping);

    public ConsistentHashingPool WithHashMapping(ConsistentHashMapping mapping) => new(Settings, VirtualNodesFactor, mapping);

    public ConsistentHashingPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(Settings with { SupervisorStrategy = strategy }, VirtualNodesFactor, _hashMapping);

    public ConsistentHashingPool WithDispatcher(string dispatcher) =>
        new(Settings with { RouterDispatcher = dispatcher }, VirtualNodesFactor, _hashMapping);

    /// <summary>A mapping is code, so that a pool from the settings takes it from the pool in the code.</summary>
    public override RouterConfig WithFallback(RouterConfig routerConfig) => new ConsistentHashingPool(
        Merged(routerConfig), VirtualNodesFactor, _hashMapping ?? (routerConfig as ConsistentHashingPool)?._hashMapping);

    private protected override bool SameAs(RouterConfig other) =>
        base.SameAs(other) && other is ConsistentHashingPool pool
        && VirtualNodesFactor == pool.VirtualNodesFactor && _hashMapping == pool._hashMapping;
}
