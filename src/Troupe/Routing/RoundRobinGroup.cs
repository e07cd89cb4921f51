using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A group that gives each routee its turn.</summary>
public sealed class RoundRobinGroup : Group
{
    public RoundRobinGroup(Config config)
        : this(PathsFrom(config))
    {
    }

    public RoundRobinGroup(params string[] paths)
        : this((IEnumerable<string>)paths)
    {
    }

    public RoundRobinGroup(IEnumerable<string> paths)
        : this(paths, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public RoundRobinGroup(IEnumerable<string> paths, string routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic());

    public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

    public Group WithDispatcher(string dispatcherId) => new RoundRobinGroup(InternalPaths, dispatcherId);
}
