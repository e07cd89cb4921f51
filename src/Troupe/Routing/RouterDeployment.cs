using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>Where the actor core hands over to the routers: their settings, and the making of a routed actor.</summary>
internal static class RouterDeployment
{
    /// <summary>The router of a deployment's section; <see cref="NoRouter"/> when it names none.</summary>
    public static RouterConfig Read(string key, Config entry)
    {
        var router = entry.GetString("router", "from-code");
        if (router == "from-code") return NoRouter.Instance;
        throw new ConfigurationException($"akka.actor.deployment: \"{key}\" asks for the router [{router}], which does not exist.");
    }

    /// <summary>The reference of a routed actor; its Props carry the router.</summary>
    public static IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path) =>
        throw new ConfigurationException($"{path} cannot be a router: there is no router {props.RouterConfig.GetType().Name}.");
}
