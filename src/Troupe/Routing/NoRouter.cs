using Akka.Actor;

namespace Akka.Routing;

/// <summary>No router: an ordinary actor.</summary>
public class NoRouter : RouterConfig
{
    protected NoRouter()
    {
    }

    public static NoRouter Instance { get; } = new();

    public override string RouterDispatcher => throw Nothing();

    public override Router CreateRouter(ActorSystem system) => throw Nothing();

    public override ActorBase CreateRouterActor() => throw Nothing();

    public override RouterConfig WithFallback(RouterConfig routerConfig) => routerConfig;

    private static NotSupportedException Nothing() => new("An ordinary actor has no router.");
}
