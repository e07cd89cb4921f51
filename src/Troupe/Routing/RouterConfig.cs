using Akka.Actor;

namespace Akka.Routing;

/// <summary>What makes an actor a router: how many routees, which logic.</summary>
public abstract class RouterConfig : IEquatable<RouterConfig>
{
    public virtual RouterConfig WithFallback(RouterConfig routerConfig) => this;

    /// <summary>Throws when the router cannot be started under that path.</summary>
    public virtual void VerifyConfig(ActorPath path)
    {
    }

    public bool Equals(RouterConfig? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => Equals(obj as RouterConfig);

    public override int GetHashCode() => Akka.Util.StableHash.Of(GetType().Name);
}
