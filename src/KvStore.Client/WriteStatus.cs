namespace KvStore.Client;

/// <summary>What became of a write.</summary>
public enum WriteStatus
{
    /// <summary>As many replicas as asked for have it.</summary>
    Done = 0,

    /// <summary>It is surely not applied, and never will be.</summary>
    NotDone = 1,

    /// <summary>
    /// It may be on some replicas and then spreads, or be lost. Writing it again is safe, but for a value without a context, which would be another
    /// sibling: read the key to find out.
    /// </summary>
    Unknown = 2,
}
