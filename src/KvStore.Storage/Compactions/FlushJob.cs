using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Compactions;

/// <summary>Writes a full memtable as tables of level 0; what no read can see any more is left out.</summary>
internal static class FlushJob
{
    /// <returns>The edit that puts the tables in force.</returns>
    internal static ManifestEdit Run(
        StoreContext context, TableCatalog catalog, MemTable memtable, FileNumber firstLogAfter, SequenceNumber[] snapshots)
    {
        var edit = new ManifestEdit { FirstLog = firstLogAfter, LastSequence = memtable.LastSequence };
        var filter = new EntryFilter(snapshots, memtable.RangeTombstones(), deeper: null);
        using var writing = new TableWriting(context, catalog, filter.KeptRanges(), long.MaxValue);
        using InternalIterator entries = memtable.NewIterator();
        int seen = 0;
        for (entries.SeekToFirst(); entries.Valid; entries.Next())
        {
            if ((++seen & 0xFFF) == 0 && context.Closing)
                throw new OperationCanceledException();
            if (filter.Keep(entries.Key))
                writing.Add(entries.Key, entries.Value);
        }

        foreach (TableInfo table in writing.Finish())
            edit.Added.Add((0, table));
        return edit;
    }
}
