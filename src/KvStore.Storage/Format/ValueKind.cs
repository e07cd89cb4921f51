namespace KvStore.Storage.Format;

/// <summary>
/// What one entry does. The numbers are written to disk (commit log and tables): never change or reuse one.
/// </summary>
public enum ValueKind : byte
{
    /// <summary>A tombstone: the key has no value from here on.</summary>
    Delete = 0,

    /// <summary>The key has this value from here on.</summary>
    Put = 1,

    /// <summary>A range tombstone: the key is the first key deleted, the value the first key no longer deleted.</summary>
    RangeDelete = 2,

    /// <summary>Never stored. In a lookup key it sorts before every stored kind of the same sequence number.</summary>
    Lookup = 0xFF,
}
