namespace KvStore.Storage;

/// <summary>How one write is done. The default does as the store's options say.</summary>
public readonly record struct WriteOptions
{
    /// <summary>When this write is acknowledged; null: as the store does.</summary>
    public Durability? Durability { get; init; }

    /// <summary>Answer <see cref="WriteStatus.Busy"/> where the write would have to wait for memory or for compaction.</summary>
    public bool NeverWait { get; init; }
}
