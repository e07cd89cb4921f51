using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A group that sends each message to a routee drawn at random.</summary>
public sealed class RandomGroup : Group
{
    public RandomGroup(Config config)
        : this(PathsFrom(config))
    {
    }

    public RandomGroup(params string[] paths)
        : this((IEnumerable<string>)paths)
    {
    }

    public RandomGroup(IEnumerable<string> paths)
        : this(paths, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public RandomGroup(IEnumerable<string> paths, string routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RandomLogic(((ActorSystemImpl)system).Seams.Entropy));

    public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

    public RandomGroup WithDispatcher(string dispatcher) => new RandomGroup(InternalPaths, dispatcher);
}
