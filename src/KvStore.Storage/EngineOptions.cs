using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage;

/// <summary>When a write is acknowledged.</summary>
public enum Durability
{
    /// <summary>After an fdatasync that covers it; concurrent writers share one. Survives a power cut.</summary>
    Group,

    /// <summary>At once; the log is synced every <see cref="EngineOptions.SyncInterval"/>. Survives the death of the process; a
    /// power cut loses at most what that interval wrote.</summary>
    Interval,

    /// <summary>At once; the log is synced only when a segment is full. Survives the death of the process.</summary>
    None,
}

/// <summary>Compression of table blocks. The numbers are written to disk.</summary>
public enum Compression : byte
{
    None = 0,

    /// <summary>Brotli at quality 1: of the codecs in the class library the one that works on spans and allocates
    /// nothing.</summary>
    Brotli = 1,
}

/// <summary>
/// How a store behaves. Immutable once a store has it. All sizes are bytes. Files carry what is needed to read them: every
/// option may differ from one opening to the next.
/// </summary>
public sealed record EngineOptions
{
    /// <summary>Bytes of keys and values in a table's data block before compression. Smaller blocks read less for one key,
    /// larger ones need a smaller index.</summary>
    public int BlockSize { get; init; } = 4096;

    /// <summary>Keys between two restart points (whole keys) of a data block.</summary>
    public int BlockRestartInterval { get; init; } = 16;

    /// <summary>Bits of Bloom filter for each key of a table; 0: no filter.</summary>
    public int BloomBitsPerKey { get; init; } = 10;

    public Compression Compression { get; init; } = Compression.None;

    /// <summary>Bytes of one part of a two-level index. A table whose index would be larger than 16 of them gets the second
    /// level; smaller indexes stay in memory whole while the table is open.</summary>
    public int IndexPartitionSize { get; init; } = 64 * 1024;

    /// <summary>Bytes of table blocks kept in memory.</summary>
    public long BlockCacheBytes { get; init; } = 64L << 20;

    /// <summary>Table files open at one time.</summary>
    public int MaxOpenTables { get; init; } = 1000;

    /// <summary>Make the store where the directory has none. Otherwise that is an error.</summary>
    public bool CreateIfMissing { get; init; } = true;

    /// <summary>When writes are acknowledged; each write may choose otherwise.</summary>
    public Durability Durability { get; init; } = Durability.Group;

    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes of memory of one memtable; it becomes a table when it is full.</summary>
    public long MemtableBytes { get; init; } = 64L << 20;

    /// <summary>Full memtables that may wait to become tables before writers wait for them.</summary>
    public int MaxImmutableMemtables { get; init; } = 2;

    /// <summary>Tables in level 0 at which compaction starts; at which writers are slowed; at which they are slowed to the pace
    /// of compaction.</summary>
    public int Level0CompactionTrigger { get; init; } = 4;

    public int Level0SlowdownTrigger { get; init; } = 12;

    public int Level0LimitTrigger { get; init; } = 20;

    /// <summary>Bytes of level 1; each deeper level is <see cref="LevelMultiplier"/> times as large.</summary>
    public long LevelBaseBytes { get; init; } = 256L << 20;

    public int LevelMultiplier { get; init; } = 10;

    /// <summary>Bytes at which compaction begins another table.</summary>
    public long TargetTableBytes { get; init; } = 32L << 20;

    /// <summary>Compactions that may run at the same time.</summary>
    public int CompactionThreads { get; init; } = 2;

    /// <summary>Bytes a second that compactions may write together; 0: no limit.</summary>
    public long CompactionBytesPerSecond { get; init; }

    /// <summary>Tables with at least this share of tombstones are compacted though their level is not too large.</summary>
    public double TombstoneCompactionRatio { get; init; } = 0.5;

    /// <summary>Bytes held back on disk, and let go when it is full, so that deletes and compactions can make room. 0:
    /// none.</summary>
    public long ReserveBytes { get; init; } = 64L << 20;

    /// <summary>Longest key; at most 32 KiB.</summary>
    public int MaxKeyBytes { get; init; } = 8 << 10;

    public int MaxValueBytes { get; init; } = 32 << 20;

    /// <summary>Largest encoded <see cref="WriteBatch"/>.</summary>
    public int MaxBatchBytes { get; init; } = 64 << 20;

    public IFileSystem FileSystem { get; init; } = RealFileSystem.Instance;

    /// <summary>Makes the store's scheduler, which the store then owns; null: real threads.</summary>
    public Func<IEngineScheduler>? Scheduler { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Require(MemtableBytes >= 4096, nameof(MemtableBytes), "at least 4096");
        Require(MaxImmutableMemtables >= 1, nameof(MaxImmutableMemtables), "at least 1");
        Require(BlockSize is >= 64 and <= 4 << 20, nameof(BlockSize), "64 to 4 MiB");
        Require(BlockRestartInterval >= 1, nameof(BlockRestartInterval), "at least 1");
        Require(BloomBitsPerKey is >= 0 and <= 64, nameof(BloomBitsPerKey), "0 to 64");
        Require(BlockCacheBytes >= 0, nameof(BlockCacheBytes), "0 or more");
        Require(MaxOpenTables >= 1, nameof(MaxOpenTables), "at least 1");
        Require(Level0CompactionTrigger >= 1, nameof(Level0CompactionTrigger), "at least 1");
        Require(Level0SlowdownTrigger >= Level0CompactionTrigger, nameof(Level0SlowdownTrigger),
            "at least Level0CompactionTrigger");
        Require(Level0LimitTrigger > Level0SlowdownTrigger, nameof(Level0LimitTrigger), "more than Level0SlowdownTrigger");
        Require(LevelBaseBytes >= 4096, nameof(LevelBaseBytes), "at least 4096");
        Require(LevelMultiplier >= 2, nameof(LevelMultiplier), "at least 2");
        Require(TargetTableBytes >= 1024, nameof(TargetTableBytes), "at least 1024");
        Require(CompactionThreads is >= 1 and <= 64, nameof(CompactionThreads), "1 to 64");
        Require(CompactionBytesPerSecond >= 0, nameof(CompactionBytesPerSecond), "0 or more");
        Require(TombstoneCompactionRatio > 0, nameof(TombstoneCompactionRatio), "more than 0");
        Require(ReserveBytes >= 0, nameof(ReserveBytes), "0 or more");
        Require(MaxKeyBytes is >= 1 and <= 32 << 10, nameof(MaxKeyBytes), "1 to 32 KiB");
        Require(MaxValueBytes is >= 1 and <= 256 << 20, nameof(MaxValueBytes), "1 to 256 MiB");
        Require(MaxBatchBytes >= 1024 && MaxBatchBytes <= 1 << 30, nameof(MaxBatchBytes), "1 KiB to 1 GiB");
        Require(SyncInterval > TimeSpan.Zero, nameof(SyncInterval), "more than 0");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
            throw new ArgumentException($"The option {option} must be {range}. Nothing was opened.", option);
    }
}
