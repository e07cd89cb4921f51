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

    [SkipLocalsInit]
    internal static bool Get<TSink>(
        TableCache cache, ReadView view, ReadOnlySpan<byte> key, SequenceNumber snapshot, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        Span<byte> lookup = key.Length <= OnStack
            ? stackalloc byte[OnStack + InternalKey.TrailerSize]
            : new byte[key.Length + InternalKey.TrailerSize];
        lookup = lookup[..InternalKey.Write(lookup, key, snapshot, ValueKind.Lookup)];
        bool ranges = view.MayHaveRangeTombstones;
        SequenceNumber covered = SequenceNumber.Zero;

        LookupState state = GetFrom(view.Active, lookup, ranges, snapshot, ref covered, ref sink);
        if (state != LookupState.Absent)
            return state == LookupState.Found;
        foreach (MemTable memtable in view.Immutables)
        {
            state = GetFrom(memtable, lookup, ranges, snapshot, ref covered, ref sink);
            if (state != LookupState.Absent)
                return state == LookupState.Found;
        }

        return GetFromTables(cache, view.Tables, lookup, ranges, snapshot, covered, ref sink);
    }

    private static LookupState GetFrom<TSink>(
        MemTable memtable,
        scoped ReadOnlySpan<byte> lookup,
        bool ranges,
        SequenceNumber snapshot,
        ref SequenceNumber covered,
        ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        if (ranges && memtable.RangeCount > 0)
            covered = Newer(covered, memtable.RangeTombstones().Covering(InternalKey.UserKey(lookup), snapshot));
        return memtable.Get(lookup, covered, ref sink);
    }

    private static bool GetFromTables<TSink>(
        TableCache cache,
        TableSet tables,
        scoped ReadOnlySpan<byte> lookup,
        bool ranges,
        SequenceNumber snapshot,
        SequenceNumber covered,
        ref TSink sink)
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

            state = GetFrom(cache, table, lookup, ranges, snapshot, ref covered, ref sink);
            if (state != LookupState.Absent)
                return state == LookupState.Found;
        }

        for (int level = 1; level < tables.Depth; level++)
        {
            if (TableSet.Find(tables.Levels[level], lookup) is not { } table)
                continue;
            state = GetFrom(cache, table, lookup, ranges, snapshot, ref covered, ref sink);
            if (state != LookupState.Absent)
                return state == LookupState.Found;
        }

        return false;
    }

    private static LookupState GetFrom<TSink>(
        TableCache cache,
        TableInfo table,
        scoped ReadOnlySpan<byte> lookup,
        bool ranges,
        SequenceNumber snapshot,
        ref SequenceNumber covered,
        ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        using TableLease lease = cache.Acquire(table);
        if (ranges && table.RangeTombstones > 0)
        {
            RangeTombstoneSet set = table.RangeSet ??= RangeTombstoneSet.Of(lease.Reader.RangeTombstones);
            covered = Newer(covered, set.Covering(InternalKey.UserKey(lookup), snapshot));
        }

        return lease.Reader.Get(lookup, covered, ref sink);
    }

    private static SequenceNumber Newer(SequenceNumber a, SequenceNumber b) => a > b ? a : b;
}
