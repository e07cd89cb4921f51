namespace KvStore.Core;

/// <summary>
/// As <see cref="PlantedBugs"/>, for the ring log, strong keys, hints and moving partitions. Always None outside tests: nothing
/// public sets them.
/// </summary>
[Flags]
internal enum PlantedRingBugs
{
    None = 0,

    /// <summary>An acceptor takes messages of epochs that it has fenced off.</summary>
    StaleEpochAccepted = 1 << 0,

    /// <summary>An acceptor does not keep what it promises.</summary>
    PromiseForgotten = 1 << 1,

    /// <summary>A proposer writes its own value although an acceptor of its majority has accepted another.</summary>
    AcceptedValueIgnored = 1 << 2,

    /// <summary>While a partition moves, a round on a strong key needs a majority of the owners that are read only.</summary>
    OneElectorateWhileMoving = 1 << 3,

    /// <summary>A repeated request changes a register again.</summary>
    RequestIdForgotten = 1 << 4,

    /// <summary>A hint is dropped when it is sent, not when it is acknowledged.</summary>
    HintDroppedWhenSent = 1 << 5,

    /// <summary>A hint that is given up leaves no dirty range behind.</summary>
    ExpiredHintForgotten = 1 << 6,

    /// <summary>The next phase of a move is proposed before all owners have fenced the one before.</summary>
    PhaseBeforeFence = 1 << 7,

    /// <summary>A moved partition is handed over when the last batch has come, not when the receiver has it on its disk.</summary>
    HandedOverBeforeDurable = 1 << 8,

    /// <summary>The stream's snapshot is taken before the source has fenced.</summary>
    SnapshotBeforeFence = 1 << 9,

    /// <summary>New acceptors are read although not every register was reaffirmed there.</summary>
    ReadNewBeforeReaffirmed = 1 << 10,
}
