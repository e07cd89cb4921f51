using System.Diagnostics;
using KvStore.Core.Placement;

namespace KvStore.Node.Membership;

/// <summary>Why a change to the ring is not made, for people: what is wrong, and what to do. Nothing was changed in any of these.</summary>
public static class RingWords
{
    public static string Of(RingRefusal refusal) => refusal switch
    {
        RingRefusal.ChangeUnderWay =>
            "Another change of the ring is under way. Nothing was changed; wait until its transfers are done, or cancel it.",
        RingRefusal.PlanOutdated =>
            "The ring has changed since this plan was drawn up. Nothing was changed; plan again and look at what it says now.",
        RingRefusal.AlreadyMember => "That node is a member already. Nothing was changed.",
        RingRefusal.NotMember => "That node is no member of the ring. Nothing was changed; look at the ring's members for its id.",
        RingRefusal.WasRemoved =>
            "That node was removed from this ring for good. Nothing was changed; start it with an empty data directory, and so a new id.",
        RingRefusal.OtherCluster =>
            "That node belongs to another cluster. Nothing was changed; start it with an empty data directory, or join it to its own.",
        RingRefusal.Overlapping => "A staged change is about that node already. Nothing was changed; commit or clear what is staged.",
        RingRefusal.ImpossibleSize => "No node would be left, or there would be too many. Nothing was changed.",
        RingRefusal.NothingStaged => "No change is staged and planned here. Nothing was changed; stage one, then plan.",
        RingRefusal.RiskNotAccepted =>
            "Acknowledged writes may be lost: too many replicas of some partitions are gone. Nothing was changed; commit with the risk "
            + "accepted, or bring a lost node back.",
        RingRefusal.TooLateToCancel =>
            "Some partitions are served by their new owners already. Nothing was changed; let the change finish, then plan the way back.",
        _ => throw new UnreachableException(),
    };
}
