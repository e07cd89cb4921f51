namespace Akka.Cluster.Membership;

/// <summary>
/// The order of a member's statuses. It only ever goes forward, so that of two views of one incarnation the later one is right
/// whoever brings it.
/// </summary>
internal static class StatusRules
{
    public static int Rank(MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        _ => 6,
    };

    public static bool CanBecome(MemberStatus from, MemberStatus to) => (from, to) switch
    {
        (MemberStatus.Removed, _) => false,
        (_, MemberStatus.Down or MemberStatus.Removed) => true,
        (MemberStatus.Joining, MemberStatus.WeaklyUp or MemberStatus.Up or MemberStatus.Leaving) => true,
        (MemberStatus.WeaklyUp, MemberStatus.Up or MemberStatus.Leaving) => true,
        (MemberStatus.Up, MemberStatus.Leaving or MemberStatus.Exiting) => true,
        (MemberStatus.Leaving, MemberStatus.Exiting) => true,
        _ => false,
    };

    /// <summary>Members that have to have seen a state before it counts as known to all.</summary>
    public static bool TakesPart(MemberStatus status) => status is MemberStatus.Up or MemberStatus.Leaving;

    /// <summary>Members whose silence does not hold up the others: they are on their way out.</summary>
    public static bool IsGoing(MemberStatus status) => status is MemberStatus.Down or MemberStatus.Exiting;
}
