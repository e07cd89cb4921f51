using Troupe.Platform;

namespace Akka.Cluster.Membership;

/// <summary>Whom a round of gossip goes to: somebody who has not seen the newest state, most of the time, if there is anybody.</summary>
internal static class GossipTargets
{
    /// <param name="state">The state to tell of.</param>
    /// <param name="preferUnseen">The chance, from 0 to 1, to pick among those who have not seen it.</param>
    /// <param name="halveAbove">With this many members or more the chance is half, so that not all tell the same few.</param>
    /// <param name="entropy">Where chance comes from.</param>
    public static UniqueAddress? Pick(MembershipState state, double preferUnseen, int halveAbove, IEntropy entropy)
    {
        var peers = state.Members.Select(member => member.UniqueAddress)
            .Where(node => node != state.Self && state.HasContact(node)).ToList();
        if (peers.Count == 0)
            return null;
        var unseen = peers.Where(node => !state.Gossip.Seen.Contains(node)).ToList();
        var chance = peers.Count < halveAbove ? preferUnseen : preferUnseen / 2;
        var among = unseen.Count > 0 && entropy.Next(1_000_000) < chance * 1_000_000 ? unseen : peers;
        return among[entropy.Next(among.Count)];
    }
}
