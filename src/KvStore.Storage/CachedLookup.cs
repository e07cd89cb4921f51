namespace KvStore.Storage;

/// <summary>What memory alone can say of a key.</summary>
public enum CachedLookup
{
    /// <summary>There is no value. As sure as an answer from the disk.</summary>
    NotFound,

    /// <summary>There is one, and the sink has it.</summary>
    Found,

    /// <summary>Memory does not know: the disk must be asked.</summary>
    NotCached,
}
