namespace KvStore.Storage.Format;

/// <summary>What one sorted source says about a key.</summary>
public enum LookupState
{
    /// <summary>It holds no entry that the read may see: ask the next older source.</summary>
    Absent,

    /// <summary>The value went to the sink.</summary>
    Found,

    /// <summary>The newest visible entry is a tombstone, or is covered by a range tombstone: stop here.</summary>
    Deleted,

    /// <summary>The disk would have to be asked, and the caller wanted no answer then.</summary>
    NotCached,
}
