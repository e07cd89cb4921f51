using Akka.Actor;

namespace Akka.Routing;

/// <summary>What makes an actor a router: how many routees, which logic. Immutable.</summary>
public abstract class RouterConfig : IEquatable<RouterConfig>
{
    private readonly string _routerDispatcher;

    protected RouterConfig()
        : this(Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    protected RouterConfig(string routerDispatcher) => _routerDispatcher = routerDispatcher;

    /// <summary>The dispatcher of the router itself, which only manages: messages are routed by their senders' threads.</summary>
    public virtual string RouterDispatcher => _routerDispatcher;

    public virtual bool StopRouterWhenAllRouteesRemoved => true;

    public abstract Router CreateRouter(ActorSystem system);

    /// <summary>The actor that manages the routees.</summary>
    public abstract ActorBase CreateRouterActor();

    /// <summary>Whether the message is for the router itself.</summary>
    public virtual bool IsManagementMessage(object message) => message is IAutoReceivedMessage or RouterManagementMessage;

    /// <summary>This one, with what it leaves open taken from <paramref name="routerConfig"/>.</summary>
    public virtual RouterConfig WithFallback(RouterConfig routerConfig) => this;

    /// <summary>Throws when the router cannot be started under that path.</summary>
    public virtual void VerifyConfig(ActorPath path)
    {
    }

    public bool Equals(RouterConfig? other) => ReferenceEquals(this, other) || (other is not null && other.GetType() == GetType() && SameAs(other));

    public override bool Equals(object? obj) => Equals(obj as RouterConfig);

    public override int GetHashCode() => Util.StableHash.Of(GetType().Name);

    /// <summary>Equality between two of one class.</summary>
    private protected virtual bool SameAs(RouterConfig other) => ReferenceEquals(this, other);
}
