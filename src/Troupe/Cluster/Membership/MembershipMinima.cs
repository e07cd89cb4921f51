using System.Collections.Immutable;

namespace Akka.Cluster.Membership;

/// <summary>How many members there must be, of each role and of all, before joining ones become Up.</summary>
internal sealed record MembershipMinima(int All, ImmutableDictionary<string, int> OfRoles)
{
    public bool AreMet(IEnumerable<Member> members)
    {
        var counted = members.Where(member => !StatusRules.IsGoing(member.Status)).ToArray();
        return counted.Length >= All && OfRoles.All(role => counted.Count(member => member.HasRole(role.Key)) >= role.Value);
    }
}
