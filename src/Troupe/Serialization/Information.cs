using Akka.Actor;

namespace Akka.Serialization;

/// <summary>The address and system that references are written for.</summary>
public sealed class Information(Address address, ActorSystem system) : IEquatable<Information>
{
    public Address Address { get; } = address;

    public ActorSystem System { get; } = system;

    public static bool operator ==(Information? left, Information? right) => Equals(left, right);

    public static bool operator !=(Information? left, Information? right) => !Equals(left, right);

    public bool Equals(Information? other) =>
        other is not null && Equals(Address, other.Address) && ReferenceEquals(System, other.System);

    public override bool Equals(object? obj) => Equals(obj as Information);

    public override int GetHashCode() => Address?.GetHashCode() ?? 0;
}
