namespace Akka.Routing;

/// <summary>No router: an ordinary actor.</summary>
public class NoRouter : RouterConfig
{
    protected NoRouter()
    {
    }

    public static NoRouter Instance { get; } = new();

    public override RouterConfig WithFallback(RouterConfig routerConfig) => routerConfig;
}
