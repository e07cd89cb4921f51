namespace Akka.Cluster.Sharding.Internal;

/// <summary>Orders the states of coordinators: each coordinator has a term above all that it has read, and counts its
/// writes.</summary>
internal readonly record struct HomesVersion(long Term, long Write) : IComparable<HomesVersion>
{
    public int CompareTo(HomesVersion other) => Term != other.Term ? Term.CompareTo(other.Term) : Write.CompareTo(other.Write);

    public static bool operator <(HomesVersion a, HomesVersion b) => a.CompareTo(b) < 0;

    public static bool operator >(HomesVersion a, HomesVersion b) => a.CompareTo(b) > 0;

    public static bool operator <=(HomesVersion a, HomesVersion b) => a.CompareTo(b) <= 0;

    public static bool operator >=(HomesVersion a, HomesVersion b) => a.CompareTo(b) >= 0;
}
