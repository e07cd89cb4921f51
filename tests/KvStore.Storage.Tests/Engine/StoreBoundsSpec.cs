using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

public sealed class StoreBoundsSpec : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kv-bounds-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Opening_and_closing_many_times_leaks_no_file()
    {
        EngineOptions options = Small();
        for (int i = 0; i < 5; i++)
            LsmStore.Open(_directory, options).Dispose();
        int files = Directory.GetFiles(_directory).Length;
        for (int i = 0; i < TestLength.Of(fast: 200, full: 1000); i++)
        {
            using LsmStore store = LsmStore.Open(_directory, options);
            store.Put(BitConverter.GetBytes(i), new byte[100], new WriteOptions { Durability = Durability.None });
        }

        Assert.Equal(0, Descriptors());
        Assert.InRange(Directory.GetFiles(_directory).Length, 0, files + 40);
    }

    [Fact]
    public void Opening_and_closing_in_memory_a_thousand_times_keeps_every_write()
    {
        var files = new MemoryFileSystem();
        EngineOptions options = Small() with { MemtableBytes = 8192, FileSystem = files,
            Scheduler = () => new ManualScheduler() };
        for (int i = 0; i < 1000; i++)
        {
            using LsmStore store = LsmStore.Open("/store", options);
            Assert.True(store.Put(BitConverter.GetBytes(i), [1]).IsDone);
        }

        using LsmStore last = LsmStore.Open("/store", options);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.NotNull(last.Get(BitConverter.GetBytes(i))));
        Assert.InRange(files.List("/store").Count, 1, 50);
    }

    [Fact]
    public void Memtables_cache_and_open_files_stay_within_their_bounds_under_a_stream_of_writes()
    {
        EngineOptions options = Small() with { MaxOpenTables = 20 };
        using LsmStore store = LsmStore.Open(_directory, options);
        var value = new byte[400];
        long mostMemtables = 0, mostCache = 0;
        int mostFiles = 0;
        for (int i = 0; i < TestLength.Of(fast: 100_000, full: 500_000); i++)
        {
            store.Put(BitConverter.GetBytes(i % 100_000 * 2654435761L), value, new WriteOptions { Durability = Durability.None })
                .ThrowIfRefused();
            if (i % 100 != 0)
                continue;
            store.Get(BitConverter.GetBytes(i / 2 * 2654435761L));
            StoreStatistics statistics = store.Statistics();
            mostMemtables = Math.Max(mostMemtables, statistics.MemtableBytes);
            mostCache = Math.Max(mostCache, statistics.BlockCacheBytes);
            if (i % 10_000 == 0)
                mostFiles = Math.Max(mostFiles, Descriptors());
        }

        Assert.InRange(mostMemtables, 1, (options.MaxImmutableMemtables + 1) * (options.MemtableBytes * 5 / 4));
        Assert.InRange(mostCache, 0, options.BlockCacheBytes);
        Assert.InRange(mostFiles, 1, options.MaxOpenTables + 30); // what runs besides: log, manifest, lock, tables in compactions
        store.WaitForBackgroundWork();
        Assert.InRange(store.Statistics().Levels[0].Tables, 0, options.Level0LimitTrigger);
    }

    [Fact]
    public void A_get_that_hits_the_cache_or_the_memtable_allocates_nothing()
    {
        using LsmStore store = LsmStore.Open(_directory, Small() with { BlockCacheBytes = 8 << 20 });
        for (int i = 0; i < 2000; i++)
            store.Put(BitConverter.GetBytes(i), new byte[100], new WriteOptions { Durability = Durability.None });
        store.Compact();
        store.Put(BitConverter.GetBytes(5000), new byte[100], new WriteOptions { Durability = Durability.None });
        var destination = new byte[200];
        var key = new byte[4];
        int found = 0;
        long before = 0;
        for (int round = 0; round < 3; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 6000; i++)
            {
                BitConverter.TryWriteBytes(key, i);
                found += store.TryGet(key, destination, out _) ? 1 : 0;
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(3 * 2001, found);
    }

    [Fact]
    public void A_range_delete_drops_whole_tables_without_reading_them()
    {
        using LsmStore store = LsmStore.Open(_directory, Small());
        for (int i = 0; i < 20_000; i++)
            store.Put([(byte)(i >> 16), (byte)(i >> 8), (byte)i], new byte[50],
                new WriteOptions { Durability = Durability.None });
        store.Compact();
        int before = store.Statistics().Levels.Sum(level => level.Tables);
        store.DeleteRange([0, 0, 1], [1, 0, 0]);
        store.Flush();
        store.WaitForBackgroundWork();
        StoreStatistics after = store.Statistics();
        Assert.True(after.DroppedTables >= before - 2, $"{after.DroppedTables} of {before} tables were dropped");
        Assert.NotNull(store.Get([0, 0, 0]));
        Assert.Null(store.Get([0, 1, 0]));
    }

    [Fact]
    public void A_checkpoint_is_a_store_of_its_own_with_everything_in_it()
    {
        string copy = $"{_directory}/copy", home = $"{_directory}/home";
        using (LsmStore store = LsmStore.Open(home, Small()))
        {
            for (int i = 0; i < 5000; i++)
                store.Put(BitConverter.GetBytes(i), new byte[50], new WriteOptions { Durability = Durability.None });
            store.Checkpoint(copy);
            store.DeleteRange([0], [255]);
            store.Compact();
            Assert.Throws<ArgumentException>(() => store.Checkpoint(copy));
        }

        using LsmStore copied = LsmStore.Open(copy, Small());
        Assert.All(Enumerable.Range(0, 5000), i => Assert.NotNull(copied.Get(BitConverter.GetBytes(i))));
        Assert.Empty(copied.Verify());
    }

    [Fact]
    public void Many_writers_share_syncs_and_readers_see_what_was_acknowledged()
    {
        using LsmStore store = LsmStore.Open(_directory, Small());
        Exception? failure = null;
        Thread[] writers = [.. Enumerable.Range(0, 8).Select(w => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 300; i++)
                {
                    byte[] key = BitConverter.GetBytes((w << 20) + i);
                    Assert.True(store.Put(key, key).IsDone);
                    Assert.Equal(key, store.Get(key));
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread writer in writers)
            writer.Start();
        foreach (Thread writer in writers)
            writer.Join();
        Assert.Null(failure);
        Assert.Equal(2400, store.Statistics().Writes);
        Assert.InRange(store.Statistics().LogSyncs, 1, 2400);
    }

    [Fact]
    public async Task A_write_that_blocks_nobody_is_done_when_it_is_durable()
    {
        using LsmStore store = LsmStore.Open(_directory, Small());
        Task<WriteResult>[] writes = [.. Enumerable.Range(0, 500)
            .Select(i => store.WriteAsync(new WriteBatch().Put(BitConverter.GetBytes(i), [1])))];
        WriteResult[] results = await Task.WhenAll(writes);
        Assert.All(results, result => Assert.True(result.IsDone));
        Assert.True(store.Statistics().LogSyncs < 500);
        Assert.NotNull(store.Get(BitConverter.GetBytes(499)));
    }

    /// <summary>Descriptors of files in this test's directory.</summary>
    private int Descriptors() => Directory.GetFiles("/proc/self/fd").Count(IsOurs);

    private bool IsOurs(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, false)?.FullName.StartsWith(_directory, StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false; // closed since they were listed
        }
    }

    private static EngineOptions Small() => new()
    {
        MemtableBytes = 256 << 10,
        LevelBaseBytes = 1 << 20,
        TargetTableBytes = 128 << 10,
        BlockCacheBytes = 256 << 10,
        ReserveBytes = 0,
    };
}
