using System.Collections.Immutable;
using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>
/// A member of the cluster as it is known at one moment. Two members are equal when they are the same incarnation, whatever their
/// status.
/// </summary>
public class Member : IComparable, IComparable<Member>
{
    /// <summary>By host, then by port.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(CompareAddresses);

    /// <summary>Oldest first: by the order in which members became Up.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(static (a, b) => CompareAges(a, b));

    /// <summary>The age of a member that has not been Up yet.</summary>
    internal const int NotYetUp = int.MaxValue;

    internal Member(UniqueAddress uniqueAddress, int upNumber, MemberStatus status, ImmutableHashSet<string> roles,
        AppVersion appVersion)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
        AppVersion = appVersion;
    }

    public UniqueAddress UniqueAddress { get; }

    public Address Address => UniqueAddress.Address;

    public MemberStatus Status { get; }

    public ImmutableHashSet<string> Roles { get; }

    public AppVersion AppVersion { get; }

    /// <summary>1 for the first that became Up, and so on; <see cref="NotYetUp"/> before.</summary>
    internal int UpNumber { get; }

    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Did it become Up before the other one?</summary>
    public bool IsOlderThan(Member other) => CompareAges(this, other) < 0;

    /// <exception cref="InvalidOperationException">A member cannot go there from its status.</exception>
    public Member Copy(MemberStatus status)
    {
        if (status == Status)
            return this;
        if (!Membership.StatusRules.CanBecome(Status, status))
            throw new InvalidOperationException($"Invalid member status transition {Status} -> {status}");
        return new Member(UniqueAddress, UpNumber, status, Roles, AppVersion);
    }

    public Member CopyUp(int upNumber) => new Member(UniqueAddress, upNumber, Status, Roles, AppVersion).Copy(MemberStatus.Up);

    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    public override int GetHashCode() => UniqueAddress.GetHashCode();

    public override string ToString() =>
        $"Member(address = {Address}, Uid={UniqueAddress.Uid} status = {Status}, role=[{string.Join(",", SortedRoles)}], "
        + $"upNumber={UpNumber}, version={AppVersion})";

    /// <summary>Sets of texts have another order in each process.</summary>
    internal IEnumerable<string> SortedRoles => Roles.Order(StringComparer.Ordinal);

    /// <summary>As <see cref="Copy"/>, without the rules: what another node has seen happen.</summary>
    internal Member With(MemberStatus status, int upNumber) =>
        status == Status && upNumber == UpNumber ? this : new Member(UniqueAddress, upNumber, status, Roles, AppVersion);

    private static int CompareAddresses(Address? a, Address? b)
    {
        var order = string.CompareOrdinal(a?.Host, b?.Host);
        if (order == 0)
            order = (a?.Port ?? 0).CompareTo(b?.Port ?? 0);
        return order != 0 ? order : Address.Comparer.Compare(a!, b!);
    }

    private static int CompareAges(Member a, Member b)
    {
        var order = a.UpNumber.CompareTo(b.UpNumber);
        return order != 0 ? order : a.CompareTo(b);
    }
}
