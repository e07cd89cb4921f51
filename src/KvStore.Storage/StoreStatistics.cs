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

    /// <summary>How long the oldest snapshot has been held, and how many operations were written since: what it sees of them is kept
    /// on disk. Zero without a snapshot. One that grows without end was forgotten by its owner.</summary>
    public required TimeSpan OldestSnapshotAge { get; init; }

    public required long OldestSnapshotLag { get; init; }

    /// <summary>Snapshots that were let go by the garbage collector because nobody had disposed them: a bug of their owner.</summary>
    public required int ForgottenSnapshots { get; init; }

    /// <summary>Iterators not yet disposed. Each pins memtables and files of its moment.</summary>
    public required int OpenIterators { get; init; }

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
        StoreContext context,
        TableSet tables,
        StoreViews views,
        SequenceNumber visible,
        IReadOnlyList<CorruptionException> damage,
        bool diskIsFull)
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
            OldestSnapshotAge = context.Snapshots.OldestAge,
            OldestSnapshotLag = context.Snapshots.Oldest is { } oldest ? (long)(visible.Value - oldest.Value) : 0,
            ForgottenSnapshots = context.Snapshots.Forgotten,
            OpenIterators = context.Counters.OpenIterators,
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
