namespace Akka.Actor;

/// <summary>On which system an actor is started.</summary>
public abstract class Scope : IEquatable<Scope>
{
    public static readonly LocalScope Local = LocalScope.Instance;

    public abstract Scope WithFallback(Scope other);

    public abstract Scope Copy();

    public virtual bool Equals(Scope? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => Equals(obj as Scope);

    public override int GetHashCode() => Akka.Util.StableHash.Of(GetType().Name);
}

/// <summary>On the system that starts it.</summary>
public class LocalScope : Scope
{
    private LocalScope()
    {
    }

    public static LocalScope Instance { get; } = new();

    public override Scope WithFallback(Scope other) => other;

    public override Scope Copy() => this;
}

/// <summary>On another system. The runtime refuses it when an actor is started: it deploys nothing elsewhere.</summary>
public class RemoteScope(Address address) : Scope, IEquatable<RemoteScope>
{
    public Address Address { get; set; } = address;

    public override Scope WithFallback(Scope other) => this;

    public override Scope Copy() => new RemoteScope(Address);

    public bool Equals(RemoteScope? other) => other is not null && Equals(Address, other.Address);

    public override bool Equals(Scope? other) => Equals(other as RemoteScope);

    public override bool Equals(object? obj) => Equals(obj as RemoteScope);

    public override int GetHashCode() => Address?.GetHashCode() ?? 0;
}
