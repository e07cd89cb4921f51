using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A group that sends every message to all routees.</summary>
public sealed class BroadcastGroup : Group
{
    public BroadcastGroup(Config config)
        : this(PathsFrom(config))
    {
    }

    public BroadcastGroup(params string[] paths)
        : this((IEnumerable<string>)paths)
    {
    }

    public BroadcastGroup(IEnumerable<string> paths)
        : this(paths, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public BroadcastGroup(IEnumerable<string> paths, string routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic());

    public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

    public Group WithDispatcher(string dispatcher) => new BroadcastGroup(InternalPaths, dispatcher);
}
