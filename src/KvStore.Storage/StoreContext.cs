using KvStore.Storage.Format;
using KvStore.Storage.Memory;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Storage;

/// <summary>What the parts of one open store share. Nothing here changes, except inside the parts themselves.</summary>
internal sealed class StoreContext(string directory, EngineOptions options, IEngineScheduler scheduler) : IDisposable
{
    internal string Directory { get; } = directory;

    internal EngineOptions Options { get; } = options;

    internal IFileSystem Files { get; } = options.FileSystem;

    internal IEngineScheduler Scheduler { get; } = scheduler;

    /// <summary>Guards the memtables, the end of the log and the order of writes; held for moments only, never over a wait for
    /// the disk other than the log's own append.</summary>
    internal object Gate { get; } = new();

    internal StoreHealth Health { get; } = new();

    internal Snapshots Snapshots { get; } = new(scheduler);

    internal StoreCounters Counters { get; } = new();

    internal ArenaPool Arenas { get; } = NewPool(options);

    internal BlockCache? Blocks { get; } = options.BlockCacheBytes > 0
        ? new BlockCache(options.BlockCacheBytes, options.BlockSize) : null;

    internal TableCache TableCache { get; private set; } = null!;

    /// <summary>Closing has begun: background work ends at the next chance.</summary>
    internal bool Closing
    {
        get => Volatile.Read(ref _closing);
        set => Volatile.Write(ref _closing, value);
    }

    private bool _closing;

    internal string PathOf(string name) => $"{Directory}/{name}";

    internal static StoreContext Create(string directory, EngineOptions options)
    {
        IEngineScheduler scheduler = options.Scheduler?.Invoke() ?? new ThreadedScheduler(options.CompactionThreads);
        var context = new StoreContext(directory, options, scheduler);
        context.TableCache = new TableCache(context.Files, directory, options, context.Blocks);
        return context;
    }

    /// <summary>
    /// A sync has failed, and the kernel may call clean what never reached the disk: whoever opens the store next is told, as long as no power
    /// cut comes before, after which it reads what is on the disk anyway.
    /// </summary>
    internal void NoteUnsynced()
    {
        try
        {
            Files.Create(PathOf(FileNames.Unsynced)).Dispose();
        }
        catch (StorageIOException)
        {
            // It is there already, or the disk takes nothing any more: then nothing that would need it can follow.
        }
    }

    public void Dispose()
    {
        Scheduler.Dispose();
        TableCache.Dispose();
        Blocks?.Dispose();
        Arenas.Dispose();
    }

    private static ArenaPool NewPool(EngineOptions options)
    {
        int chunk = (int)Math.Clamp(options.MemtableBytes / 16, 4096, 2 << 20);
        return new ArenaPool(chunk, (int)Math.Min(int.MaxValue, options.MemtableBytes / chunk * 2));
    }
}
