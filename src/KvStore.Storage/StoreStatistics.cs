using KvStore.Storage.Format;
using KvStore.Storage.Manifests;

namespace KvStore.Storage;

/// <summary>One level of the tree.</summary>
public readonly record struct LevelStatistics(int Tables, long Bytes, long Entries, long Tombstones);

/// <summary>What a store holds now, and what it has done since it was opened. Sizes in bytes.</summary>
public sealed record StoreStatistics
{
    public required IReadOnlyList<LevelStatistics> Levels { get; init; }

    /// <summary>Memory of all memtables, and of the block cache.</summary>
    public required long MemtableBytes { get; init; }

    public required long BlockCacheBytes { get; init; }

    public required long BlockCacheHits { get; init; }

    public required long BlockCacheMisses { get; init; }

    public required int ImmutableMemtables { get; init; }

    public required int LiveSnapshots { get; init; }

    public required int OpenTables { get; init; }

    /// <summary>Operations, and their keys and values.</summary>
    public required long Writes { get; init; }

    public required long WrittenBytes { get; init; }

    public required long LogSyncs { get; init; }

    public required long Flushes { get; init; }

    public required long FlushedBytes { get; init; }

    public required long Compactions { get; init; }

    public required long CompactionReadBytes { get; init; }

    public required long CompactionWrittenBytes { get; init; }

    /// <summary>Tables deleted whole because a range tombstone covered them.</summary>
    public required long DroppedTables { get; init; }

    public required long BusyAnswers { get; init; }

    public required long DelayedWrites { get; init; }

    public required long DiskFullAnswers { get; init; }

    public required bool DiskIsFull { get; init; }

    /// <summary>Damage that background work has met.</summary>
    public required IReadOnlyList<CorruptionException> Damage { get; init; }

    internal static StoreStatistics Of(
        StoreContext context, TableSet tables, StoreViews views, IReadOnlyList<CorruptionException> damage, bool diskIsFull)
    {
        StoreCounters counters = context.Counters;
        return new StoreStatistics
        {
            Levels = [.. tables.Levels.Select(LevelOf)],
            MemtableBytes = views.MemoryBytes,
            BlockCacheBytes = context.Blocks?.UsedBytes ?? 0,
            BlockCacheHits = context.Blocks?.Hits ?? 0,
            BlockCacheMisses = context.Blocks?.Misses ?? 0,
            ImmutableMemtables = views.ImmutableCount,
            LiveSnapshots = context.Snapshots.Count,
            OpenTables = context.TableCache.OpenTables,
            Writes = counters.Writes,
            WrittenBytes = counters.WrittenBytes,
            LogSyncs = counters.LogSyncs,
            Flushes = counters.Flushes,
            FlushedBytes = counters.FlushedBytes,
            Compactions = counters.Compactions,
            CompactionReadBytes = counters.CompactionReadBytes,
            CompactionWrittenBytes = counters.CompactionWrittenBytes,
            DroppedTables = counters.DroppedTables,
            BusyAnswers = counters.BusyAnswers,
            DelayedWrites = counters.DelayedWrites,
            DiskFullAnswers = counters.DiskFullAnswers,
            DiskIsFull = diskIsFull,
            Damage = damage,
        };
    }

    private static LevelStatistics LevelOf(TableInfo[] tables) =>
        new(tables.Length, tables.Sum(t => t.FileSize), tables.Sum(t => t.Entries),
            tables.Sum(t => t.Tombstones + t.RangeTombstones));
}
