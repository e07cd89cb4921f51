using static Akka.Cluster.ClusterEvent;

namespace Akka.Cluster.Membership;

/// <summary>The events that lead from one state to a later one: members first, then their reachability, then the leaders.</summary>
internal static class MembershipEvents
{
    public static List<IClusterDomainEvent> Between(MembershipState from, MembershipState to)
    {
        var events = new List<IClusterDomainEvent>();
        AddMembers(events, from, to);
        AddReachability(events, from, to);
        if (!Equals(from.Leader, to.Leader))
            events.Add(new LeaderChanged(to.Leader?.Address));
        var roles = from.Members.Concat(to.Members).SelectMany(member => member.Roles).Distinct().Order(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var leader = to.RoleLeader(role);
            if (!Equals(from.RoleLeader(role), leader))
                events.Add(new RoleLeaderChanged(role, leader?.Address));
        }
        return events;
    }

    private static void AddMembers(List<IClusterDomainEvent> events, MembershipState from, MembershipState to)
    {
        foreach (var member in to.Members)
        {
            if (from.Gossip.Find(member.UniqueAddress)?.Status != member.Status)
                events.Add(OfStatus(member));
        }
        foreach (var member in from.Members)
        {
            if (to.Gossip.Has(member.UniqueAddress))
                continue;
            var wasDown = to.Gossip.Tombstones.TryGetValue(member.UniqueAddress, out var tombstone) && tombstone.WasDown;
            events.Add(new MemberRemoved(
                member.Copy(MemberStatus.Removed), wasDown ? MemberStatus.Down : member.Status));
        }
    }

    private static void AddReachability(List<IClusterDomainEvent> events, MembershipState from, MembershipState to)
    {
        foreach (var member in to.Members)
        {
            var was = from.Unreachable.Contains(member.UniqueAddress);
            var isNow = to.Unreachable.Contains(member.UniqueAddress);
            if (isNow && !was)
                events.Add(new UnreachableMember(member));
            else if (was && !isNow)
                events.Add(new ReachableMember(member));
        }
    }

    private static IClusterDomainEvent OfStatus(Member member) => member.Status switch
    {
        MemberStatus.Joining => new MemberJoined(member),
        MemberStatus.WeaklyUp => new MemberWeaklyUp(member),
        MemberStatus.Up => new MemberUp(member),
        MemberStatus.Leaving => new MemberLeft(member),
        MemberStatus.Exiting => new MemberExited(member),
        _ => new MemberDowned(member),
    };
}
