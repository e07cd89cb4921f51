using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One incarnation of an actor system: its address, and the uid that tells it from others before and after it.</summary>
public class UniqueAddress : IComparable, IComparable<UniqueAddress>, IEquatable<UniqueAddress>
{
    public UniqueAddress(Address address, int uid)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address;
        Uid = uid;
    }

    public Address Address { get; }

    public int Uid { get; }

    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !(left == right);

    [SuppressMessage("Naming", "CA1725", Justification = "Akka.NET's signature")]
    public int CompareTo(UniqueAddress? uniqueAddress)
    {
        if (uniqueAddress is null)
            return 1;
        var order = Member.AddressOrdering.Compare(Address, uniqueAddress.Address);
        return order != 0 ? order : Uid.CompareTo(uniqueAddress.Uid);
    }

    int IComparable.CompareTo(object? obj) => CompareTo(obj as UniqueAddress);

    public bool Equals(UniqueAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && Uid == other.Uid && Address.Equals(other.Address));

    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    public override int GetHashCode() => Uid * 397 ^ Address.GetHashCode();

    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";
}
