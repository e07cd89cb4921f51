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
}
