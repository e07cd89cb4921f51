using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Pattern;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Spreads entities, which are actors with ids, over the members of the cluster, so that each lives on one node at a time and is
/// reached
/// by its id alone. Every node that may host a type starts it, with the same extractor; others start a proxy.
/// <para>Owner: one per ActorSystem (an extension). Thread rule: any thread.</para>
/// </summary>
public class ClusterSharding : IExtension
{
    private readonly Lock _lock = new();
    private readonly ExtendedActorSystem _system;
    private readonly Cluster _cluster;
    private readonly IActorRef _guardian;
    private readonly SortedDictionary<string, IActorRef> _regions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IActorRef> _proxies = new(StringComparer.Ordinal);

    public ClusterSharding(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        _system = system;
        _cluster = Cluster.Get(system);
        Settings = ClusterShardingSettings.Create(system);
        _guardian = system.SystemActorOf(
            Props.Create(() => new Guardian()), system.Settings.Config.GetString("akka.cluster.sharding.guardian-name"));
    }

    public ClusterShardingSettings Settings { get; }

    /// <summary>For tests of the tests; to be set before a type is started.</summary>
    internal PlantedBugs Bugs { get; set; }

    /// <summary>The types that have a region here; proxies do not count.</summary>
    public ImmutableHashSet<string> ShardTypeNames
    {
        get
        {
            lock (_lock) return [.. _regions.Keys];
        }
    }

    /// <summary>Every setting with its default; the reference configuration has them already.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<ClusterSharding>("cluster-sharding.conf");

    public static ClusterSharding Get(ActorSystem system) => system.WithExtension<ClusterSharding, ClusterShardingExtensionProvider>();

    /// <summary>The strategy that the settings ask for: fewest shards first.</summary>
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var tuning = settings.TuningParameters;
        if (tuning.LeastShardAllocationAbsoluteLimit > 0)
        {
            return ShardAllocationStrategy.LeastShardAllocationStrategy(
                tuning.LeastShardAllocationAbsoluteLimit, tuning.LeastShardAllocationRelativeLimit);
        }
#pragma warning disable CS0618 // the settings' default asks for the older one
        return new LeastShardAllocationStrategy(
            tuning.LeastShardAllocationRebalanceThreshold, tuning.LeastShardAllocationMaxSimultaneousRebalance);
#pragma warning restore CS0618
    }

    /// <summary>Starts the type on this node, or finds it when it has been started; without the role of the settings, a
    /// proxy.</summary>
    /// <exception cref="ConfigurationException">The settings ask for what this runtime does not have; nothing was
    /// started.</exception>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(entityPropsFactory);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(messageExtractor);
        ArgumentNullException.ThrowIfNull(allocationStrategy);
        ArgumentNullException.ThrowIfNull(handOffStopMessage);
        settings.Check(typeName);
        if (settings.Role.Length > 0 && !_cluster.SelfRoles.Contains(settings.Role))
            return StartProxy(typeName, settings.Role, messageExtractor);
        lock (_lock)
        {
            if (_regions.TryGetValue(typeName, out var started)) return started;
            StartCoordinator(typeName, settings, allocationStrategy);
            var ended = Runtime.NewCompletion<Done>(_system);
            var path = CoordinatorPath(typeName);
            var bugs = Bugs;
            var props = RegionProducer.Props(() => new ShardRegion(
                typeName, entityPropsFactory, settings, path, messageExtractor, handOffStopMessage, ended, bugs));
            var region = _regions[typeName] = StartChild(props, Name(typeName));
            CoordinatedShutdown.Get(_system).AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, $"region-shutdown-{typeName}",
                () => ShutDown(region, ended.Task));
            return region;
        }
    }

    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Start(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, _ => entityProps, settings, messageExtractor);

    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor));

    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings,
        IMessageExtractor messageExtractor) =>
        Task.FromResult(Start(typeName, entityProps, settings, messageExtractor));

    /// <summary>Starts a region that hosts nothing and reaches the entities of others: on the members with that role, empty or
    /// null for all.</summary>
    public IActorRef StartProxy(string typeName, string? role, IMessageExtractor messageExtractor)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(messageExtractor);
        lock (_lock)
        {
            if (_proxies.TryGetValue(typeName, out var started)) return started;
            var settings = ClusterShardingSettings.Create(_system).WithRole(role ?? "");
            var ended = Runtime.NewCompletion<Done>(_system);
            var path = CoordinatorPath(typeName);
            var props = RegionProducer.Props(() => new ShardRegion(
                typeName, null, settings, path, messageExtractor, PoisonPill.Instance, ended, PlantedBugs.None));
            return _proxies[typeName] = StartChild(props, Name(typeName) + "Proxy");
        }
    }

    public Task<IActorRef> StartProxyAsync(string typeName, string? role, IMessageExtractor messageExtractor) =>
        Task.FromResult(StartProxy(typeName, role, messageExtractor));

    /// <summary>The region of a type that has been started here, or its proxy.</summary>
    /// <exception cref="ArgumentException">It has not been started.</exception>
    public IActorRef ShardRegion(string typeName)
    {
        lock (_lock)
        {
            return _regions.TryGetValue(typeName, out var region) || _proxies.TryGetValue(typeName, out region)
                ? region
                : throw new ArgumentException($"The entity type [{typeName}] has not been started here: call Start or StartProxy first.",
                    nameof(typeName));
        }
    }

    /// <summary>The proxy of a type that has been started here.</summary>
    /// <exception cref="ArgumentException">It has not been started.</exception>
    public IActorRef ShardRegionProxy(string typeName)
    {
        lock (_lock)
        {
            return _proxies.TryGetValue(typeName, out var proxy)
                ? proxy
                : throw new ArgumentException($"The entity type [{typeName}] has no proxy here: call StartProxy first.", nameof(typeName));
        }
    }

    private static string Name(string typeName) => Uri.EscapeDataString(typeName);

    private void StartCoordinator(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        var bugs = Bugs;
        var backoff = settings.TuningParameters.CoordinatorFailureBackoff;
        var coordinator = Props.Create(() => new ShardCoordinator(typeName, settings, strategy, bugs));
        var supervised = BackoffSupervisor.Props(Backoff.OnStop(coordinator, "coordinator", backoff, backoff * 5, 0.2, -1));
        var singleton = settings.CoordinatorSingletonSettings.WithSingletonName("singleton").WithRole(settings.Role);
        StartChild(ClusterSingletonManager.Props(supervised, PoisonPill.Instance, singleton), Name(typeName) + "Coordinator");
    }

    private IActorRef StartChild(Props props, string name) => Runtime.StartChild(_guardian, props, name);

    private string CoordinatorPath(string typeName) =>
        $"{_guardian.Path.ToStringWithoutAddress()}/{Name(typeName)}Coordinator/singleton/coordinator";

    private Task<Done> ShutDown(IActorRef region, Task<Done> ended)
    {
        if (_cluster.IsTerminated || _cluster.SelfMember.Status == MemberStatus.Down) return Task.FromResult(Done.Instance);
        region.Tell(GracefulShutdown.Instance);
        return ended;
    }
}
