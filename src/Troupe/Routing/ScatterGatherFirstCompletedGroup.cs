using Akka.Actor;
using Akka.Configuration;

namespace Akka.Routing;

/// <summary>A group that sends to all routees and passes the first answer on.</summary>
public sealed class ScatterGatherFirstCompletedGroup : Group
{
    public ScatterGatherFirstCompletedGroup(Config config)
        : this(PathsFrom(config), config.GetTimeSpan("within"))
    {
    }

    public ScatterGatherFirstCompletedGroup(TimeSpan within, params string[] paths)
        : this(paths, within)
    {
    }

    public ScatterGatherFirstCompletedGroup(IEnumerable<string> paths, TimeSpan within)
        : this(paths, within, Dispatch.Dispatchers.InternalDispatcherId)
    {
    }

    public ScatterGatherFirstCompletedGroup(IEnumerable<string> paths, TimeSpan within, string routerDispatcher)
        : base(paths, routerDispatcher)
    {
        Within = within;
    }

    /// <summary>How long the first answer is waited for.</summary>
    public TimeSpan Within { get; }

    public override Router CreateRouter(ActorSystem system) => new(new ScatterGatherFirstCompletedRoutingLogic(system, Within));

    public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

    public ScatterGatherFirstCompletedGroup WithDispatcher(string dispatcher) => new(InternalPaths, Within, dispatcher);

    private protected override bool SameAs(RouterConfig other) =>
        base.SameAs(other) && other is ScatterGatherFirstCompletedGroup group && Within == group.Within;
}
