namespace KvStore.Core.Placement;

/// <summary>
/// Where one partition stands while the ring changes from its owners to the next ones. Each step is an epoch of its own, and is
/// proposed only when all living old and new owners have fenced and drained the one before.
/// </summary>
public enum MovePhase
{
    /// <summary>The change does not touch this partition's replicas.</summary>
    None = 0,

    /// <summary>It will move; the old owners serve it alone until then.</summary>
    Waiting = 1,

    /// <summary>Writes need W of the old and W of the new owners; reads ask the old; the new ones are being filled.</summary>
    WriteBothReadOld = 2,

    /// <summary>Writes need both still; reads ask the new owners, which are full.</summary>
    WriteBothReadNew = 3,

    /// <summary>The new owners serve it alone; other partitions are still moving.</summary>
    Done = 4,
}
