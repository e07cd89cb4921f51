using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>What a leader may do when all have seen the present state, and the little that it may do before.</summary>
internal static class LeaderActions
{
    /// <summary>
    /// With convergence: joining members come Up when there are enough, leaving ones exit, and those are removed that are down, or
    /// exiting and gone.
    /// </summary>
    /// <returns>The next gossip; the same one when there is nothing to do.</returns>
    public static Gossip OnConvergence(MembershipState state, MembershipMinima minima, ImmutableHashSet<UniqueAddress> confirmed,
        DateTimeOffset now, ClusterBugs bugs = ClusterBugs.None)
    {
        var gossip = state.Gossip;
        foreach (var member in state.Members.Where(member => IsGone(state, member, confirmed)))
            gossip = gossip.Remove(member.UniqueAddress, now, bugs);
        var comeUp = minima.AreMet(state.Members);
        var youngest = state.Members.Where(member => member.UpNumber != Member.NotYetUp)
            .Select(member => member.UpNumber).DefaultIfEmpty(0).Max();
        foreach (var member in state.Members)
        {
            var next = member.Status switch
            {
                MemberStatus.Joining or MemberStatus.WeaklyUp when comeUp => member.CopyUp(++youngest),
                MemberStatus.Leaving => member.Copy(MemberStatus.Exiting),
                _ => member,
            };
            if (!ReferenceEquals(next, member))
                gossip = gossip.With(next);
        }
        return gossip;
    }

    /// <summary>Without convergence: joining members that can be reached may take part weakly.</summary>
    public static Gossip WeaklyUp(MembershipState state, MembershipMinima minima)
    {
        var gossip = state.Gossip;
        if (!minima.AreMet(state.Members))
            return gossip;
        foreach (var member in state.Members)
        {
            if (member.Status == MemberStatus.Joining && state.IsReachable(member.UniqueAddress))
                gossip = gossip.With(member.Copy(MemberStatus.WeaklyUp));
        }
        return gossip;
    }

    private static bool IsGone(MembershipState state, Member member, ImmutableHashSet<UniqueAddress> confirmed) => member.Status switch
    {
        MemberStatus.Down => !state.IsReachable(member.UniqueAddress),
        MemberStatus.Exiting => confirmed.Contains(member.UniqueAddress) || !state.IsReachable(member.UniqueAddress),
        _ => false,
    };
}
