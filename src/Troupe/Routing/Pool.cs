using Akka.Actor;

namespace Akka.Routing;

/// <summary>A router that starts its routees itself, as children, and supervises them.</summary>
public abstract class Pool : RouterConfig, IEquatable<Pool>
{
    private protected Pool(PoolSettings settings)
        : base(settings.RouterDispatcher ?? Dispatch.Dispatchers.InternalDispatcherId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settings.NrOfInstances);
        Settings = settings;
    }

    /// <summary>A routee's failure is the router's: whoever supervises the router decides.</summary>
    public static SupervisorStrategy DefaultSupervisorStrategy { get; } = new OneForOneStrategy(static _ => Directive.Escalate);

    public int NrOfInstances => Settings.NrOfInstances;

    public virtual SupervisorStrategy SupervisorStrategy => Settings.SupervisorStrategy ?? DefaultSupervisorStrategy;

    /// <summary>Whether the routees run on the dispatcher that the deployment's section <c>pool-dispatcher</c> describes.</summary>
    public virtual bool UsePoolDispatcher => Settings.UsePoolDispatcher;

    internal PoolSettings Settings { get; }

    public abstract int GetNrOfInstances(ActorSystem system);

    public Props Props(Props routeeProps) => routeeProps.WithRouter(this);

    public override ActorBase CreateRouterActor() => new RouterPoolActor();

    public bool Equals(Pool? other) => Equals((RouterConfig?)other);

    public override bool Equals(object? obj) => Equals(obj as RouterConfig);

    public override int GetHashCode() => Util.StableHash.Of(GetType().Name, NrOfInstances);

    private protected override bool SameAs(RouterConfig other) => Settings == ((Pool)other).Settings;

    /// <summary>These settings, with a strategy and dispatcher that they do not give taken from another pool's.</summary>
    private protected PoolSettings Merged(RouterConfig fallback) => fallback is Pool pool
        ? Settings with
        {
            SupervisorStrategy = Settings.SupervisorStrategy ?? pool.Settings.SupervisorStrategy,
            RouterDispatcher = Settings.RouterDispatcher ?? pool.Settings.RouterDispatcher,
        }
        : Settings;
}

/// <summary>What every pool has. Null: not given, so that the fallback decides, and else the default.</summary>
internal sealed record PoolSettings(
    int NrOfInstances,
    SupervisorStrategy? SupervisorStrategy = null,
    string? RouterDispatcher = null,
    bool UsePoolDispatcher = false)
{
    public static PoolSettings From(Configuration.Config config) =>
        new(config.GetInt("nr-of-instances"), UsePoolDispatcher: config.HasPath("pool-dispatcher"));
}
