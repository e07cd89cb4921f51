using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A group in which messages of one key go to one routee, the same on every node that has the same paths.</summary>
public sealed class ConsistentHashingGroup : Group
{
    private readonly ConsistentHashMapping? _hashMapping;

    public ConsistentHashingGroup(Config config)
        : this(PathsFrom(config), config.GetInt("virtual-nodes-factor"), null, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public ConsistentHashingGroup(params string[] paths)
        : this((IEnumerable<string>)paths)
    {
    }

    public ConsistentHashingGroup(IEnumerable<string> paths)
        : this(paths, 0, null, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public ConsistentHashingGroup(IEnumerable<string> paths, ConsistentHashMapping hashMapping)
        : this(paths, 0, hashMapping, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public ConsistentHashingGroup(IEnumerable<string> paths, int virtualNodesFactor, ConsistentHashMapping? hashMapping,
        string routerDispatcher)
        : base(paths, routerDispatcher)
    {
        VirtualNodesFactor = virtualNodesFactor;
        _hashMapping = hashMapping;
    }

    /// <summary>Points of each routee on the ring; 0: as the settings say.</summary>
    public int VirtualNodesFactor { get; }

    public override Router CreateRouter(ActorSystem system) =>
        new(new ConsistentHashingRoutingLogic(system, VirtualNodesFactor, _hashMapping));

    public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

    public ConsistentHashingGroup WithVirtualNodesFactor(int vnodes) => new(InternalPaths, vnodes, _hashMapping, RouterDispatcher);

    public ConsistentHashingGroup WithHashMapping(ConsistentHashMapping mapping) =>
        new(InternalPaths, VirtualNodesFactor, mapping, RouterDispatcher);

    public ConsistentHashingGroup WithDispatcher(string dispatcher) => new(InternalPaths, VirtualNodesFactor, _hashMapping, dispatcher);

    /// <summary>A mapping is code, so that a group from the settings takes it from the group in the code.</summary>
    public override RouterConfig WithFallback(RouterConfig routerConfig) =>
        _hashMapping is null && routerConfig is ConsistentHashingGroup { _hashMapping: { } mapping } ? WithHashMapping(mapping) : this;

    private protected override bool SameAs(RouterConfig other) =>
        base.SameAs(other) && other is ConsistentHashingGroup group
        && VirtualNodesFactor == group.VirtualNodesFactor && _hashMapping == group._hashMapping;
}
