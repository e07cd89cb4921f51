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

    /// <summary>A fallback that has nothing is counted as one that knows there is nothing.</summary>
    FallbackNotFoundCounts = 1 << 2,

    /// <summary>A replica takes messages of epochs that it has fenced off.</summary>
    StaleEpochAccepted = 1 << 3,

    /// <summary>A fallback that has dropped delivered copies goes on minting under the same incarnation.</summary>
    TenureSurvivesDrop = 1 << 4,

    /// <summary>A late copy of a reaped key is taken for a new one.</summary>
    LateArrivalsAccepted = 1 << 5,

    /// <summary>A replica that was emptied and not filled again says "not found".</summary>
    EmptyReplicaVotes = 1 << 6,
}
