using KvStore.Storage.Format;

namespace KvStore.Storage.Manifests;

/// <summary>
/// The tables of a store at one moment, by level (LevelDB's "Version"). Immutable: a flush or a compaction makes the next one,
/// and readers go on with theirs.
///
/// 1. Level 0: newest first; ranges may overlap.
/// 2. Every other level: in order of keys; no two tables share a user key.
/// 3. For one user key, an upper level holds newer entries than a lower one.
/// </summary>
internal sealed class TableSet
{
    internal const int LevelCount = 7;
    internal static readonly TableSet Empty = new(Enumerable.Repeat(Array.Empty<TableInfo>(), LevelCount).ToArray());

    private TableSet(TableInfo[][] levels)
    {
        Levels = levels;
        HasRangeTombstones = levels.Any(level => level.Any(table => table.RangeTombstones > 0));
        for (int i = 0; i < LevelCount; i++)
        {
            if (levels[i].Length > 0)
                Depth = i + 1;
        }
    }

    internal TableInfo[][] Levels { get; }

    internal bool HasRangeTombstones { get; }

    /// <summary>Levels up to the deepest that has tables.</summary>
    internal int Depth { get; }

    internal IEnumerable<TableInfo> All => Levels.SelectMany(level => level);

    internal long BytesOf(int level) => Levels[level].Sum(table => table.FileSize);

    /// <summary>The next set.</summary>
    /// <exception cref="InvalidDataException">The edit removes what is not there, or breaks an invariant.</exception>
    internal TableSet With(ManifestEdit edit)
    {
        List<TableInfo>[] levels = [.. Levels.Select(level => level.ToList())];
        foreach ((int level, FileNumber number) in edit.Removed)
        {
            if (levels[level].RemoveAll(table => table.Number == number) != 1)
                throw new InvalidDataException($"table {number} is not in level {level}");
        }

        foreach ((int level, TableInfo table) in edit.Added)
            levels[level].Add(table);
        levels[0].Sort((a, b) => b.LargestSequence != a.LargestSequence
            ? b.LargestSequence.CompareTo(a.LargestSequence)
            : b.Number.Value.CompareTo(a.Number.Value));
        for (int level = 1; level < LevelCount; level++)
        {
            levels[level].Sort((a, b) => InternalKey.Compare(a.Smallest, b.Smallest));
            for (int i = 1; i < levels[level].Count; i++)
            {
                if (InternalKey.Compare(levels[level][i - 1].Largest, levels[level][i].Smallest) >= 0)
                    throw new InvalidDataException(
                        $"tables {levels[level][i - 1].Number} and {levels[level][i].Number} of level {level} overlap");
            }
        }

        return new TableSet([.. levels.Select(level => level.ToArray())]);
    }

    /// <summary>The tables of a level that may hold a key from begin to end, both included; null: no bound.</summary>
    internal IEnumerable<TableInfo> Overlapping(int level, byte[]? begin, byte[]? end) =>
        Levels[level].Where(table => Overlaps(table, begin, end));

    internal static bool Overlaps(TableInfo table, byte[]? begin, byte[]? end) =>
        (begin is null || InternalKey.UserKey(table.Largest).SequenceCompareTo(begin) >= 0)
        && (end is null || InternalKey.UserKey(table.Smallest).SequenceCompareTo(end) <= 0);

    /// <summary>The one table of a level (not 0) that may hold the key; null: none.</summary>
    /// <param name="lookupKey">An internal key of kind <see cref="ValueKind.Lookup"/>.</param>
    internal static TableInfo? Find(TableInfo[] level, ReadOnlySpan<byte> lookupKey)
    {
        int low = 0, high = level.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (InternalKey.Compare(level[middle].Largest, lookupKey) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low < level.Length
            && InternalKey.UserKey(level[low].Smallest).SequenceCompareTo(InternalKey.UserKey(lookupKey)) <= 0
                ? level[low] : null;
    }
}
