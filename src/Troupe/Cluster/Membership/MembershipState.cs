using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Membership;

/// <summary>
/// The cluster as one node sees it: the newest gossip, and what follows from it for this node. An immutable value.
/// </summary>
internal sealed class MembershipState(UniqueAddress self, Gossip gossip)
{
    private Reachability? _reachability;
    private ImmutableHashSet<UniqueAddress>? _unreachable;

    public UniqueAddress Self { get; } = self;

    public Gossip Gossip { get; } = gossip;

    public IEnumerable<Member> Members => Gossip.Members.Values;

    public Member? SelfMember => Gossip.Find(Self);

    /// <summary>Observations of members that count: what a downed one says does not.</summary>
    public Reachability Reachability => _reachability ??=
        Gossip.Reachability.Without(observer => Gossip.Find(observer)?.Status == MemberStatus.Down);

    /// <summary>All to whom some member has lost contact, but for this node itself.</summary>
    public ImmutableHashSet<UniqueAddress> Unreachable => _unreachable ??= Reachability.Unreachable.Remove(Self);

    public bool IsReachable(UniqueAddress node) => !Unreachable.Contains(node);

    /// <summary>Has this node itself contact to that one?</summary>
    public bool HasContact(UniqueAddress node) => Gossip.Reachability.Seen(Self, node) is null;

    public MembershipState With(Gossip gossip) => new(Self, gossip);

    /// <summary>
    /// The first reachable member by address that is Up or Leaving; without one the first that joins, then exits. Null for none.
    /// </summary>
    public UniqueAddress? Leader => LeaderAmong(Members);

    public UniqueAddress? RoleLeader(string role) => LeaderAmong(Members.Where(member => member.HasRole(role)));

    public bool IsLeader => Leader == Self;

    /// <summary>
    /// Have all that take part seen this state, and is nobody unreachable whose answer is still needed?
    /// </summary>
    /// <param name="confirmed">Exiting members that have said that they need nothing more.</param>
    /// <param name="bugs">None, outside tests.</param>
    public bool IsConverged(ImmutableHashSet<UniqueAddress> confirmed, ClusterBugs bugs = ClusterBugs.None)
    {
        var waits = (bugs & ClusterBugs.UnreachableNotWaitedFor) == 0;
        if (waits && Unreachable.Any(IsNeeded))
            return false;
        return Members.All(member => !StatusRules.TakesPart(member.Status) || confirmed.Contains(member.UniqueAddress)
            || Gossip.Seen.Contains(member.UniqueAddress) || (!waits && !IsReachable(member.UniqueAddress)));

        bool IsNeeded(UniqueAddress node) =>
            !confirmed.Contains(node) && Gossip.Find(node) is { } member && !StatusRules.IsGoing(member.Status);
    }

    private UniqueAddress? LeaderAmong(IEnumerable<Member> members)
    {
        var able = members.Where(member => member.Status != MemberStatus.Down
            && (member.UniqueAddress == Self || IsReachable(member.UniqueAddress)));
        return able.OrderBy(member => Order(member.Status)).ThenBy(member => member.UniqueAddress).FirstOrDefault()?.UniqueAddress;
    }

    private static int Order(MemberStatus status) => status switch
    {
        MemberStatus.Up or MemberStatus.Leaving => 0,
        MemberStatus.Joining or MemberStatus.WeaklyUp => 1,
        _ => 2,
    };
}
