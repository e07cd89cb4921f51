namespace KvStore.Storage.Format;

/// <summary>
/// What the engine knows about a finished table without opening it; kept in the manifest. Immutable, except that the table cache
/// may hang its open reader on it.
/// </summary>
public sealed class TableInfo
{
    public required FileNumber Number { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long FileSize { get; init; }

    /// <summary>Internal key at or before everything in the table, range tombstones included.</summary>
    public required byte[] Smallest { get; init; }

    /// <summary>
    /// Internal key at or after everything in the table. Where a range tombstone reaches furthest this is
    /// (its end, <see cref="SequenceNumber.Max"/>, <see cref="ValueKind.RangeDelete"/>): the end itself is not in the table.
    /// </summary>
    public required byte[] Largest { get; init; }

    public required SequenceNumber SmallestSequence { get; init; }

    public required SequenceNumber LargestSequence { get; init; }

    /// <summary>Entries, point tombstones included, range tombstones not.</summary>
    public required long Entries { get; init; }

    public required long Tombstones { get; init; }

    public required long RangeTombstones { get; init; }

    /// <summary>Bytes of all keys and values before prefixes were shared and blocks compressed.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The table cache's own; nobody else touches it.</summary>
    internal object? CacheSlot;

    /// <summary>The table's range tombstones, cut into fragments at the first read that needs them.</summary>
    internal Memory.RangeTombstoneSet? RangeSet;
}
