using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

public class DiskFullSpec
{
    private const string Home = "/store";

    [Fact]
    public void On_a_full_disk_reads_and_deletes_go_on_and_writes_come_back_with_the_space()
    {
        var files = new MemoryFileSystem { CapacityBytes = 400 << 10 };
        var scheduler = new ManualScheduler();
        using LsmStore store = LsmStore.Open(Home, new EngineOptions
        {
            FileSystem = files,
            Scheduler = () => scheduler,
            MemtableBytes = 16 << 10,
            LevelBaseBytes = 64 << 10,
            TargetTableBytes = 16 << 10,
            ReserveBytes = 96 << 10,
            BlockCacheBytes = 0,
        });
        int written = 0;
        WriteResult result;
        while ((result = store.Put(BitConverter.GetBytes(written), new byte[500])).IsDone)
        {
            written++;
            scheduler.RunAll();
        }

        Assert.Equal(WriteStatus.DiskFull, result.Status);
        Assert.Throws<WriteRefusedException>(() => result.ThrowIfRefused());
        Assert.True(store.Statistics().DiskIsFull);
        for (int i = 0; i < written; i++)
            Assert.NotNull(store.Get(BitConverter.GetBytes(i)));
        Assert.Null(store.Get(BitConverter.GetBytes(written)));

        Assert.True(store.Delete(BitConverter.GetBytes(0)).IsDone);
        Assert.Null(store.Get(BitConverter.GetBytes(0)));
        Assert.Null(store.Failure);

        files.CapacityBytes = 4 << 20;
        for (int i = 0; i < 5; i++)
        {
            scheduler.Advance(TimeSpan.FromSeconds(1));
            scheduler.RunAll();
        }

        Assert.False(store.Statistics().DiskIsFull);
        Assert.True(store.Put("back"u8, "again"u8).IsDone);
        Assert.Empty(store.Verify());
    }

    [Fact]
    public void A_store_whose_disk_others_have_filled_opens_in_the_space_that_it_held_back()
    {
        var files = new MemoryFileSystem { CapacityBytes = 8 << 20 };
        using (LsmStore store = Open(files, new ManualScheduler(), reserve: 2 << 20))
            store.Put("a"u8, "1"u8).ThrowIfRefused();
        files.CapacityBytes -= files.FreeBytes(Home);
        using LsmStore again = Open(files, new ManualScheduler(), reserve: 2 << 20);
        Assert.Equal("1"u8.ToArray(), again.Get("a"u8));
        Assert.Equal(WriteStatus.DiskFull, again.Put("b"u8, "1"u8).Status);
        Assert.True(again.Delete("a"u8).IsDone);
    }

    [Fact]
    public void A_compaction_that_finds_no_space_is_tried_again_after_a_pause_and_not_at_once()
    {
        var memory = new MemoryFileSystem();
        var files = new FaultyFileSystem(memory);
        var scheduler = new ManualScheduler();
        using LsmStore store = Open(files, scheduler, reserve: 0);
        int made = 0;
        files.Plan = call => call.Operation == FileOperation.Create && call.Path.EndsWith(".sst", StringComparison.Ordinal) && ++made > 4
            ? Fault.NoSpace : Fault.None;
        for (int i = 0; i < 4; i++)
        {
            store.Put("a"u8, BitConverter.GetBytes(i)).ThrowIfRefused();
            store.Flush();
        }

        scheduler.RunAll();
        Assert.Equal(5, made);
    }

    private static LsmStore Open(IFileSystem files, ManualScheduler scheduler, long reserve) => LsmStore.Open(Home, new EngineOptions
    {
        FileSystem = files,
        Scheduler = () => scheduler,
        MemtableBytes = 16 << 10,
        ReserveBytes = reserve,
        BlockCacheBytes = 0,
    });
}
