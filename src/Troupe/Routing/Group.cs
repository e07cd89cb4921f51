using Akka.Actor;

namespace Akka.Routing;

/// <summary>A router over actors that somebody else starts, by their paths.</summary>
public abstract class Group : RouterConfig, IEquatable<Group>
{
    protected readonly string[] InternalPaths;

    protected Group(IEnumerable<string> paths, string routerDispatcher)
        : base(routerDispatcher)
    {
        InternalPaths = [.. paths];
    }

    public abstract IEnumerable<string> GetPaths(ActorSystem system);

    public Props Props() => Actor.Props.Empty.WithRouter(this);

    public override ActorBase CreateRouterActor() => new RouterActor();

    public bool Equals(Group? other) => Equals((RouterConfig?)other);

    public override bool Equals(object? obj) => Equals(obj as RouterConfig);

    public override int GetHashCode() => Util.StableHash.Of(string.Join(' ', InternalPaths));

    private protected override bool SameAs(RouterConfig other) => InternalPaths.AsSpan().SequenceEqual(((Group)other).InternalPaths);

    private protected static IEnumerable<string> PathsFrom(Configuration.Config config) => config.GetStringList("routees.paths");
}
