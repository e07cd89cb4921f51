using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Compactions;

/// <summary>Carries out one <see cref="Compaction"/>; runs outside every lock.</summary>
internal static class CompactionJob
{
    private const int PaceBytes = 256 << 10;

    /// <returns>The edit that puts the result in force.</returns>
    internal static ManifestEdit Run(
        StoreContext context,
        TableCatalog catalog,
        TableSet tables,
        Compaction compaction,
        SequenceNumber[] snapshots,
        RateLimiter limiter)
    {
        var edit = new ManifestEdit();
        foreach (TableInfo table in compaction.Inputs)
            edit.Removed.Add((compaction.Level, table.Number));
        foreach (TableInfo table in compaction.Overlapped)
            edit.Removed.Add((compaction.OutputLevel, table.Number));
        if (compaction.Kind == CompactionKind.Move)
            edit.Added.Add((compaction.OutputLevel, compaction.Inputs[0]));
        else if (compaction.Kind == CompactionKind.Merge)
            Merge(context, catalog, tables, compaction, snapshots, limiter, edit);
        return edit;
    }

    private static void Merge(
        StoreContext context,
        TableCatalog catalog,
        TableSet tables,
        Compaction compaction,
        SequenceNumber[] snapshots,
        RateLimiter limiter,
        ManifestEdit edit)
    {
        RangeTombstoneSet ranges = RangesOf(context, compaction);
        var filter = new EntryFilter(snapshots, ranges, new DeeperTables(tables, compaction.OutputLevel));
        List<RangeTombstone> kept = new EntryFilter(snapshots, ranges, new DeeperTables(tables, compaction.OutputLevel))
            .KeptRanges();
        using var writing = new TableWriting(context, catalog, kept, context.Options.TargetTableBytes);
        using InternalIterator entries = Open(context, compaction);
        long unpaced = 0;
        for (entries.SeekToFirst(); entries.Valid; entries.Next())
        {
            if (filter.Keep(entries.Key))
                writing.Add(entries.Key, entries.Value);
            unpaced += entries.Key.Length + entries.Value.Length;
            if (unpaced < PaceBytes)
                continue;
            if (context.Closing)
                throw new OperationCanceledException();
            limiter.Take(unpaced);
            unpaced = 0;
        }

        limiter.Take(unpaced);
        foreach (TableInfo table in writing.Finish())
            edit.Added.Add((compaction.OutputLevel, table));
    }

    private static MergingIterator Open(StoreContext context, Compaction compaction)
    {
        var sources = new List<InternalIterator>();
        if (compaction.Level == 0)
            sources.AddRange(compaction.Inputs.Select(
                table => (InternalIterator)new LevelIterator(context.TableCache, [table], false, true)));
        else
            sources.Add(new LevelIterator(context.TableCache, compaction.Inputs, false, true));
        if (compaction.Overlapped.Length > 0)
            sources.Add(new LevelIterator(context.TableCache, compaction.Overlapped, false, true));
        return new MergingIterator([.. sources]);
    }

    private static RangeTombstoneSet RangesOf(StoreContext context, Compaction compaction)
    {
        var all = new List<RangeTombstone>();
        foreach (TableInfo table in compaction.All.Where(table => table.RangeTombstones > 0))
        {
            using TableLease lease = context.TableCache.Acquire(table);
            all.AddRange(lease.Reader.RangeTombstones);
        }

        return RangeTombstoneSet.Of(all);
    }
}
