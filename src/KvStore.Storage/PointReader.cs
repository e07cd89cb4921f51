using System.Runtime.CompilerServices;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;
using KvStore.Storage.Tables;

namespace KvStore.Storage;

/// <summary>
/// Finds the newest entry of a key that a read may see: memtables from new to old, then level 0 from new to old, then one table
/// of each deeper level. The first source that knows the key decides. Range tombstones seen on the way hide older entries.
/// Allocates nothing.
/// </summary>
internal static class PointReader
{
    private const int OnStack = 256;

    /// <param name="cache">Opens the tables.</param>
    /// <param name="view">Where to look.</param>
    /// <param name="key">The user key.</param>
    /// <param name="snapshot">The newest write that the read may see.</param>
    /// <param name="cachedOnly">Ask the disk for nothing: answer <see cref="LookupState.NotCached"/> where it would be
    /// needed.</param>
    /// <param name="sink">Gets the value when there is one.</param>
    [SkipLocalsInit]
    internal static LookupState Get<TSink>(
        TableCache cache, ReadView view, ReadOnlySpan<byte> key, SequenceNumber snapshot, bool cachedOnly, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        Span<byte> lookup = key.Length <= OnStack
            ? stackalloc byte[OnStack + InternalKey.TrailerSize]
            : new byte[key.Length + InternalKey.TrailerSize];
        lookup = lookup[..InternalKey.Write(lookup, key, snapshot, ValueKind.Lookup)];
        var query = new Query { Ranges = view.MayHaveRangeTombstones, Snapshot = snapshot, CachedOnly = cachedOnly };

        LookupState state = GetFrom(view.Active, lookup, ref query, ref sink);
        if (state != LookupState.Absent)
            return state;
        foreach (MemTable memtable in view.Immutables)
        {
            state = GetFrom(memtable, lookup, ref query, ref sink);
            if (state != LookupState.Absent)
                return state;
        }

        return GetFromTables(cache, view.Tables, lookup, ref query, ref sink);
    }

    private static LookupState GetFrom<TSink>(
        MemTable memtable, scoped ReadOnlySpan<byte> lookup, ref Query query, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        if (query.Ranges && memtable.RangeCount > 0)
            query.CoverBy(memtable.RangeTombstones(), lookup);
        return memtable.Get(lookup, query.Covered, ref sink);
    }

    private static LookupState GetFromTables<TSink>(
        TableCache cache, TableSet tables, scoped ReadOnlySpan<byte> lookup, ref Query query, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        ReadOnlySpan<byte> userKey = InternalKey.UserKey(lookup);
        LookupState state;
        foreach (TableInfo table in tables.Levels[0])
        {
            if (InternalKey.UserKey(table.Smallest).SequenceCompareTo(userKey) > 0
                || InternalKey.UserKey(table.Largest).SequenceCompareTo(userKey) < 0)
            {
                continue;
            }

            state = GetFrom(cache, table, lookup, ref query, ref sink);
            if (state != LookupState.Absent)
                return state;
        }

        for (int level = 1; level < tables.Depth; level++)
        {
            if (TableSet.Find(tables.Levels[level], lookup) is not { } table)
                continue;
            state = GetFrom(cache, table, lookup, ref query, ref sink);
            if (state != LookupState.Absent)
                return state;
        }

        return LookupState.Absent;
    }

    private static LookupState GetFrom<TSink>(
        TableCache cache, TableInfo table, scoped ReadOnlySpan<byte> lookup, ref Query query, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        TableLease lease;
        if (!query.CachedOnly)
            lease = cache.Acquire(table);
        else if (!cache.TryAcquireOpen(table, out lease))
            return LookupState.NotCached;
        using (lease)
        {
            if (query.Ranges && table.RangeTombstones > 0)
                query.CoverBy(table.RangeSet ??= RangeTombstoneSet.Of(lease.Reader.RangeTombstones), lookup);
            return lease.Reader.Get(lookup, query.Covered, ref sink, query.CachedOnly);
        }
    }

    /// <summary>One read on its way from newer sources to older ones.</summary>
    private struct Query
    {
        internal bool Ranges;
        internal SequenceNumber Snapshot;
        internal bool CachedOnly;

        /// <summary>The newest range tombstone over the key so far: entries older than it are deleted.</summary>
        internal SequenceNumber Covered;

        internal void CoverBy(RangeTombstoneSet ranges, ReadOnlySpan<byte> lookup)
        {
            SequenceNumber covering = ranges.Covering(InternalKey.UserKey(lookup), Snapshot);
            if (covering > Covered)
                Covered = covering;
        }
    }
}
