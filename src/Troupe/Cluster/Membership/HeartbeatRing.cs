using Akka.Util;

namespace Akka.Cluster.Membership;

/// <summary>
/// Who sends heartbeats to whom: the members stand on a ring in an order that has nothing to do with their addresses, and each
/// watches its successors, so that neighbours in one rack are not each other's only watchers.
/// </summary>
internal static class HeartbeatRing
{
    /// <summary>
    /// The next members after <paramref name="state"/>'s own node until <paramref name="count"/> reachable ones are among them; those
    /// that are unreachable are watched on, so that their return is noticed.
    /// </summary>
    public static List<UniqueAddress> Watched(MembershipState state, int count)
    {
        var ring = state.Members.Select(member => member.UniqueAddress)
            .OrderBy(node => (uint)StableHash.Of(node.ToString())).ThenBy(node => node).ToList();
        var self = ring.IndexOf(state.Self);
        var watched = new List<UniqueAddress>();
        if (self < 0)
            return watched;
        var reachable = 0;
        for (var i = 1; i < ring.Count && reachable < count; i++)
        {
            var node = ring[(self + i) % ring.Count];
            watched.Add(node);
            if (state.IsReachable(node))
                reachable++;
        }
        return watched;
    }
}
