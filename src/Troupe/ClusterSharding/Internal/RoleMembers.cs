using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>The members with one role, as far as sharding must know them. One owner at a time.</summary>
internal sealed class RoleMembers(string role)
{
    private readonly Dictionary<UniqueAddress, Member> _members = [];

    /// <summary>Members that count when the coordinator's state is written and read: those that are in, reachable or
    /// not.</summary>
    public IReadOnlyCollection<Address> Counted =>
        [.. _members.Values.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving).Select(m => m.Address).Order(Address.Comparer)];

    /// <summary>Where the coordinator may be: at the oldest member, or, while that leaves, at the next ones up to the first that
    /// stays.</summary>
    public IReadOnlyList<Address> CoordinatorCandidates
    {
        get
        {
            var byAge = _members.Values.Order(Member.AgeOrdering).ToList();
            var stays = byAge.FindIndex(m => m.Status == MemberStatus.Up);
            return [.. byAge.Take(stays < 0 ? byAge.Count : stays + 1).Select(m => m.Address)];
        }
    }

    public bool Contains(Address address) => _members.Values.Any(m => m.Address.Equals(address));

    public void Reset(ClusterEvent.CurrentClusterState state)
    {
        _members.Clear();
        foreach (var member in state.Members) Put(member);
    }

    public void On(ClusterEvent.IMemberEvent change)
    {
        if (change is ClusterEvent.MemberRemoved) _members.Remove(change.Member.UniqueAddress);
        else Put(change.Member);
    }

    private void Put(Member member)
    {
        if (role.Length > 0 && !member.HasRole(role)) return;
        if (member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down)
            _members[member.UniqueAddress] = member;
    }
}
