using KvStore.Storage.Format;
using KvStore.Storage.Manifests;

namespace KvStore.Storage.Compactions;

/// <summary>
/// Decides what to compact next. Pure: the same tables, busy ones and oldest snapshot give the same decision.
///
/// Order: tables wholly under a range tombstone go first, they cost nothing; then the level that is furthest above its size
/// (level 0 counts tables, the others bytes); then tables that are mostly tombstones. Within a level, the table that drags the
/// fewest bytes of the next level along per byte of its own.
/// A compaction of level 0 always takes the oldest table there and every table that overlaps what it takes, so that no older
/// entry is left above a newer one.
/// </summary>
internal static class CompactionPicker
{
    internal static Compaction? Pick(
        TableSet tables, EngineOptions options, IReadOnlySet<FileNumber> busy, SequenceNumber oldestSnapshot)
    {
        foreach (int level in Enumerable.Range(0, TableSet.LevelCount - 1)
            .Where(level => Score(tables, options, level) >= 1)
            .OrderByDescending(level => Score(tables, options, level)))
        {
            if (PickFrom(tables, level, busy) is { } sized)
                return sized;
        }

        return PickTombstones(tables, options, busy, oldestSnapshot);
    }

    /// <summary>How far a level is above its size; 1 or more asks for compaction.</summary>
    internal static double Score(TableSet tables, EngineOptions options, int level)
    {
        if (level == 0)
            return (double)tables.Levels[0].Length / options.Level0CompactionTrigger;
        double target = options.LevelBaseBytes * Math.Pow(options.LevelMultiplier, level - 1);
        return tables.BytesOf(level) / target;
    }

    /// <summary>Everything of a level within a range, and what it overlaps below; null: nothing there, or something is
    /// busy.</summary>
    internal static Compaction? PickRange(TableSet tables, int level, int outputLevel, byte[]? begin, byte[]? end)
    {
        TableInfo[] inputs = level == 0 && tables.Overlapping(0, begin, end).Any()
            ? tables.Levels[0]
            : [.. tables.Overlapping(level, begin, end)];
        return inputs.Length == 0 ? null : Build(tables, level, outputLevel, inputs);
    }

    /// <summary>Tables that hold nothing but what the tombstones delete.</summary>
    internal static Compaction[] PickCovered(
        TableSet tables,
        IReadOnlyCollection<RangeTombstone> tombstones,
        IReadOnlySet<FileNumber> busy,
        SequenceNumber[] snapshots)
    {
        var found = new List<Compaction>();
        for (int level = 0; level < TableSet.LevelCount; level++)
        {
            TableInfo[] covered = [.. tables.Levels[level].Where(table => !busy.Contains(table.Number)
                && tombstones.Any(tombstone => Covers(tombstone, table, snapshots)))];
            if (covered.Length > 0)
                found.Add(new Compaction(CompactionKind.Drop, level, level, covered, []));
        }

        return [.. found];
    }

    private static bool Covers(RangeTombstone tombstone, TableInfo table, SequenceNumber[] snapshots)
    {
        if (table.LargestSequence >= tombstone.Sequence
            || InternalKey.UserKey(table.Smallest).SequenceCompareTo(tombstone.Begin) < 0
            || snapshots.Any(snapshot => snapshot >= table.SmallestSequence && snapshot < tombstone.Sequence))
        {
            return false;
        }

        int order = InternalKey.UserKey(table.Largest).SequenceCompareTo(tombstone.End);
        return order < 0 || (order == 0 && InternalKey.Kind(table.Largest) == ValueKind.RangeDelete);
    }

    private static Compaction? PickFrom(TableSet tables, int level, IReadOnlySet<FileNumber> busy)
    {
        if (level == 0)
            return PickLevel0(tables, busy);
        return tables.Levels[level]
            .Where(table => !busy.Contains(table.Number))
            .Select(table => Build(tables, level, level + 1, [table]))
            .Where(compaction => !compaction.All.Any(table => busy.Contains(table.Number)))
            .MinBy(BytesDraggedAlong);
    }

    /// <summary>Bytes of the next level to be rewritten for one byte of this one.</summary>
    private static double BytesDraggedAlong(Compaction compaction) =>
        (double)compaction.Overlapped.Sum(table => table.FileSize) / Math.Max(1, compaction.Inputs[0].FileSize);

    private static Compaction? PickLevel0(TableSet tables, IReadOnlySet<FileNumber> busy)
    {
        TableInfo[] level0 = tables.Levels[0];
        if (level0.Any(table => busy.Contains(table.Number)))
            return null;
        var chosen = new List<TableInfo> { level0[^1] };
        for (bool grew = true; grew;)
        {
            TableInfo[] more = [.. level0.Where(table => !chosen.Contains(table) && chosen.Any(other => Overlap(table, other)))];
            chosen.AddRange(more);
            grew = more.Length > 0;
        }

        Compaction compaction = Build(tables, 0, 1, [.. level0.Where(chosen.Contains)]);
        return compaction.All.Any(table => busy.Contains(table.Number)) ? null : compaction;
    }

    private static Compaction? PickTombstones(
        TableSet tables, EngineOptions options, IReadOnlySet<FileNumber> busy, SequenceNumber oldestSnapshot)
    {
        for (int level = 1; level < tables.Depth; level++)
        {
            bool bottom = level == tables.Depth - 1;
            foreach (TableInfo table in tables.Levels[level])
            {
                if (busy.Contains(table.Number) || table.LargestSequence > oldestSnapshot || !IsMostlyTombstones(table, options))
                    continue;
                Compaction compaction = bottom
                    ? new Compaction(CompactionKind.Merge, level, level, [table], [])
                    : Build(tables, level, level + 1, [table]);
                if (!compaction.All.Any(input => busy.Contains(input.Number)))
                    return compaction with { Kind = CompactionKind.Merge };
            }
        }

        return null;
    }

    private static bool IsMostlyTombstones(TableInfo table, EngineOptions options) =>
        table.RangeTombstones > 0 || table.Tombstones >= Math.Max(1, options.TombstoneCompactionRatio * table.Entries);

    private static Compaction Build(TableSet tables, int level, int outputLevel, TableInfo[] inputs)
    {
        byte[] begin = inputs.Select(table => InternalKey.UserKey(table.Smallest).ToArray()).Min(ByteOrder.Instance)!;
        byte[] end = inputs.Select(table => InternalKey.UserKey(table.Largest).ToArray()).Max(ByteOrder.Instance)!;
        TableInfo[] overlapped = level == outputLevel ? [] : [.. tables.Overlapping(outputLevel, begin, end)];
        bool move = inputs.Length == 1 && overlapped.Length == 0 && level != outputLevel;
        return new Compaction(move ? CompactionKind.Move : CompactionKind.Merge, level, outputLevel, inputs, overlapped);
    }

    private static bool Overlap(TableInfo a, TableInfo b) =>
        TableSet.Overlaps(a, InternalKey.UserKey(b.Smallest).ToArray(), InternalKey.UserKey(b.Largest).ToArray());
}
