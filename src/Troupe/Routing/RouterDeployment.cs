using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Util;

namespace Akka.Routing;

/// <summary>Where the actor core hands over to the routers: their settings, and the making of a routed actor.</summary>
internal static class RouterDeployment
{
    /// <summary>The router of a deployment's section; <see cref="NoRouter"/> when it names none.</summary>
    public static RouterConfig Read(string key, Config entry)
    {
        var name = entry.GetString("router") ?? "from-code";
        return name switch
        {
            "from-code" => NoRouter.Instance,
            "round-robin-pool" => new RoundRobinPool(entry),
            "round-robin-group" => new RoundRobinGroup(entry),
            "random-pool" => new RandomPool(entry),
            "random-group" => new RandomGroup(entry),
            "broadcast-pool" => new BroadcastPool(entry),
            "broadcast-group" => new BroadcastGroup(entry),
            "smallest-mailbox-pool" => new SmallestMailboxPool(entry),
            "scatter-gather-pool" => new ScatterGatherFirstCompletedPool(entry),
            "scatter-gather-group" => new ScatterGatherFirstCompletedGroup(entry),
            "consistent-hashing-pool" => new ConsistentHashingPool(entry),
            "consistent-hashing-group" => new ConsistentHashingGroup(entry),
            _ => Named(name, $"akka.actor.deployment.\"{key}\".router", entry),
        };
    }

    /// <summary>The reference of a routed actor; its Props carry the router.</summary>
    public static IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path)
    {
        var router = props.RouterConfig;
        router.VerifyConfig(path);
        LocalActorRefProvider.Place(system, props.WithRouter(NoRouter.Instance), path); // a routee's fault is better found here
        var dispatcher = system.Dispatchers.Lookup(router.RouterDispatcher);
        return new RoutedActorRef(system, props, dispatcher, new UnboundedMailbox(), supervisor, path);
    }

    /// <summary>A router class of the application's own.</summary>
    private static RouterConfig Named(string name, string setting, Config entry) =>
        TypeResolver.Create(TypeResolver.Resolve(name, setting), setting, [entry]) as RouterConfig
        ?? throw new ConfigurationException($"{setting} names the type [{name}], which is no RouterConfig.");
}
