using KvStore.Storage;

namespace KvStore.Node.Settings;

/// <summary>Section <c>kv-store.storage</c>. Sizes in bytes.</summary>
public sealed record StorageSettings(
    string Directory, Durability Sync, TimeSpan SyncInterval, long MemtableBytes, int Memtables, long CacheBytes, int OpenTables,
    int CompactionThreads, long CompactionRate, long ReserveBytes, int GatherBytes, int Readers)
{
    /// <summary>Where readers run.</summary>
    public const string ReaderDispatcher = "kv-store.storage.reader-dispatcher";

    /// <summary>Where the storage actor runs.</summary>
    public const string WriterDispatcher = "kv-store.storage.writer-dispatcher";

    private const string Section = "kv-store.storage";

    internal static StorageSettings Read(SettingsReader reader)
    {
        var directory = reader.Text($"{Section}.directory");
        if (directory.Length == 0) reader.Mistake($"{Section}.directory", "is empty; it names a directory of this node's own");
        return new StorageSettings(
            directory,
            ReadSync(reader),
            reader.Duration($"{Section}.sync-interval", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            reader.Bytes($"{Section}.memtable-bytes", 64 << 10, 1 << 30),
            reader.Int($"{Section}.memtables", 1, 16),
            reader.Bytes($"{Section}.cache-bytes", 0, 1L << 40),
            reader.Int($"{Section}.open-tables", 10, 1_000_000),
            reader.Int($"{Section}.compaction-threads", 1, 64),
            reader.Bytes($"{Section}.compaction-rate", 0, 1L << 40),
            reader.Bytes($"{Section}.reserve-bytes", 0, 1L << 40),
            (int)reader.Bytes($"{Section}.gather-bytes", 4 << 10, 16 << 20),
            reader.Int($"{Section}.readers", 1, 256));
    }

    /// <summary>The engine's options for these settings.</summary>
    internal EngineOptions EngineOptions(NodeStartup startup) => new()
    {
        FileSystem = startup.FileSystem,
        Scheduler = startup.Scheduler,
        Durability = Sync,
        SyncInterval = SyncInterval,
        MemtableBytes = MemtableBytes,
        MaxImmutableMemtables = Memtables,
        BlockCacheBytes = CacheBytes,
        MaxOpenTables = OpenTables,
        CompactionThreads = CompactionThreads,
        CompactionBytesPerSecond = CompactionRate,
        ReserveBytes = ReserveBytes,
    };

    private static Durability ReadSync(SettingsReader reader)
    {
        const string path = $"{Section}.sync";
        switch (reader.Text(path))
        {
            case "group": return Durability.Group;
            case "interval": return Durability.Interval;
            case "none": return Durability.None;
            default:
                reader.Mistake(path, "is group, interval or none");
                return Durability.Group;
        }
    }
}
