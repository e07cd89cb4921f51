namespace KvStore.Core;

/// <summary>
/// Defects in the production path that tests switch on, one at a time, to show that the simulator's checkers would find them.
/// Each is a classic way of losing data in a store of this kind. Always None outside tests: nothing public sets them.
/// </summary>
[Flags]
internal enum PlantedBugs
{
    None = 0,

    /// <summary>The coordinator's own acknowledgement, or a duplicate, fills a second place in the quorum.</summary>
    AckCountedTwice = 1 << 0,

    /// <summary>While a partition moves, the new owners' acknowledgements are not waited for.</summary>
    OnlyOldOwnersCounted = 1 << 1,

    /// <summary>A replica takes messages of epochs that it has fenced off.</summary>
    StaleEpochAccepted = 1 << 2,

    /// <summary>A fallback that has dropped delivered copies goes on minting under the same incarnation.</summary>
    TenureSurvivesDrop = 1 << 3,

    /// <summary>A late copy of a reaped key is taken for a new one.</summary>
    LateArrivalsAccepted = 1 << 4,

    /// <summary>A replica that was emptied and not filled again says "not found".</summary>
    EmptyReplicaVotes = 1 << 5,

    /// <summary>A watermark is raised to what a peer claims, before anything was compared.</summary>
    WatermarkByMaximum = 1 << 6,

    /// <summary>A tombstone is reaped when some owners agree, and whether or not it is below the watermarks.</summary>
    TombstoneReapedEarly = 1 << 7,

    /// <summary>After a crash a replica goes on with the counter it finds, and mints dots again that it had minted before.</summary>
    DotReused = 1 << 8,

    /// <summary>After a crash a replica goes on with its incarnation, at a counter surely not used: what was lost counts as known.</summary>
    LeaseJumpAfterLoss = 1 << 9,

    /// <summary>A replica acknowledges what is in its log and not yet durable.</summary>
    AckBeforeDurable = 1 << 10,

    /// <summary>A write without a context supersedes what the replica holds.</summary>
    BlindWriteSupersedes = 1 << 11,

    /// <summary>A merge keeps what arrives and drops what it knows nothing of.</summary>
    MergeKeepsArriving = 1 << 12,

    /// <summary>A retried request is applied again.</summary>
    RetryMintsAgain = 1 << 13,

    /// <summary>What cannot be read counts as nothing.</summary>
    UnreadableIsNothing = 1 << 14,

    /// <summary>A fallback that becomes an owner counts as whole before it was filled: the partition is handed on too early.</summary>
    FilledTooEarly = 1 << 15,

    /// <summary>A fence is confirmed while calls of older epochs are still under way.</summary>
    FenceNotDrained = 1 << 16,

    /// <summary>An owner vouches for what a stand-in minted without having been brought it.</summary>
    RetiredUnseen = 1 << 17,
}
