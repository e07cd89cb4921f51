using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Memory;
using KvStore.Storage.Tables;

namespace KvStore.Storage;

/// <summary>What an iterator over a view is made of.</summary>
internal static class ViewIterators
{
    internal static InternalIterator Entries(StoreContext context, ReadView view, bool fillCache)
    {
        var sources = new List<InternalIterator>();
        if (view.Active.Count > 0)
            sources.Add(view.Active.NewIterator());
        sources.AddRange(view.Immutables.Select(memtable => memtable.NewIterator()));
        foreach (TableInfo table in view.Tables.Levels[0])
            sources.Add(new LevelIterator(context.TableCache, [table], fillCache, sequential: false));
        for (int level = 1; level < view.Tables.Depth; level++)
        {
            if (view.Tables.Levels[level].Length > 0)
                sources.Add(new LevelIterator(context.TableCache, view.Tables.Levels[level], fillCache, sequential: false));
        }

        return sources.Count == 1 ? sources[0] : new MergingIterator([.. sources]);
    }

    internal static RangeTombstoneSet Ranges(StoreContext context, ReadView view)
    {
        if (!view.MayHaveRangeTombstones)
            return RangeTombstoneSet.Empty;
        var all = new List<RangeTombstone>(view.Active.RangeList());
        foreach (MemTable memtable in view.Immutables)
            all.AddRange(memtable.RangeList());
        foreach (TableInfo table in view.Tables.All.Where(table => table.RangeTombstones > 0))
        {
            using TableLease lease = context.TableCache.Acquire(table);
            all.AddRange(lease.Reader.RangeTombstones);
        }

        return RangeTombstoneSet.Of(all);
    }
}
