using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Remote;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>One node of a sharding spec: its system, and its region of the entity type "speaker".</summary>
public sealed class ShardNode(ActorSystem system, Wishes wishes)
{
    public const string Type = "speaker";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IActorRef? _region;

    public ActorSystem System { get; } = system;

    public Cluster Cluster { get; } = Cluster.Get(system);

    public Akka.Cluster.Sharding.ClusterSharding Sharding { get; } = Akka.Cluster.Sharding.ClusterSharding.Get(system);

    public Address Address => Cluster.SelfAddress;

    /// <summary>Killed or left: nothing is expected of it any more.</summary>
    public bool IsGone { get; private set; }

    public IActorRef Region => _region ?? throw new InvalidOperationException("The spec has not started a region here.");

    public ClusterShardingSettings Settings => ClusterShardingSettings.Create(System);

    public IShardAllocationStrategy Strategy => new WishedAllocation(wishes, Address);

    public IActorRef StartRegion() =>
        StartRegion(id => Props.Create(() => new Speaker(id, Address.ToString())), PoisonPill.Instance);

    public IActorRef StartRegion(Func<string, Props> entity, object stop, IShardAllocationStrategy? strategy = null) =>
        _region = Sharding.Start(Type, entity, Settings, new BySlash(), strategy ?? Strategy, stop);

    public IActorRef StartProxy(string? role = null) => _region = Sharding.StartProxy(Type, role!, new BySlash());

    /// <summary>The answer of the entity, from wherever it lives.</summary>
    public Task<Said> Say(string entity, string text = "hello", TimeSpan? within = null) =>
        Region.Ask<Said>(new Say(entity, text), within ?? Patience);

    /// <summary>Where the entity answers from.</summary>
    public async Task<string> WhereIs(string entity) => (await Say(entity)).Node;

    public Task<CurrentRegions> CurrentRegions() =>
        Region.Ask<CurrentRegions>(GetCurrentRegions.Instance, TimeSpan.FromSeconds(1));

    /// <summary>As if the process were killed: nothing leaves it or reaches it any more.</summary>
    public async Task Kill()
    {
        IsGone = true;
        await ((IRemoteActorRefProvider)((ExtendedActorSystem)System).Provider).Transport.Shutdown().WaitAsync(Patience);
    }

    public async Task Leave()
    {
        IsGone = true;
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(Patience);
    }
}
