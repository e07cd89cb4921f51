namespace KvStore.Core.Placement;

/// <summary>Why a change to the ring is not made. Nothing was changed.</summary>
public enum RingRefusal
{
    /// <summary>Another change is under way; wait until it is done, or cancel it.</summary>
    ChangeUnderWay = 1,

    /// <summary>The ring is no longer the one that the plan was drawn up for; plan again.</summary>
    PlanOutdated = 2,

    /// <summary>The node is a member already.</summary>
    AlreadyMember = 3,

    /// <summary>The node is no member.</summary>
    NotMember = 4,

    /// <summary>The node was removed; it must come back with a new identity and empty data.</summary>
    WasRemoved = 5,

    /// <summary>The node has been a member of another cluster.</summary>
    OtherCluster = 6,

    /// <summary>Two staged changes are about one node.</summary>
    Overlapping = 7,

    /// <summary>Nobody would be left, or there would be too many.</summary>
    ImpossibleSize = 8,

    /// <summary>Nothing is staged.</summary>
    NothingStaged = 9,

    /// <summary>Acknowledged writes may be lost and the operator has not accepted that.</summary>
    RiskNotAccepted = 10,

    /// <summary>Some partitions are served by their new owners already; let the change finish, then plan the way back.</summary>
    TooLateToCancel = 11,
}
