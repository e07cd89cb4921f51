using System.Text;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Crashes;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

public sealed class RecoverySpec
{
    private const int Writes = 30_000;
    private const int Keys = 20_000;

    [Fact]
    public void A_log_larger_than_a_memtable_is_recovered_into_several()
    {
        var files = new MemoryFileSystem();
        using (LsmStore store = Open(files, memtable: 16 << 20))
            Fill(store);
        using LsmStore recovered = Open(files, memtable: 1 << 20);
        Assert.InRange(recovered.Statistics().ImmutableMemtables, 3, 10);
        AssertHolds(recovered);
        recovered.WaitForBackgroundWork();
        AssertHolds(recovered);
    }

    [Fact]
    public void Space_that_a_finished_segment_has_left_is_not_read()
    {
        var files = new MemoryFileSystem();
        using (LsmStore store = Open(files, memtable: 64 << 20))
            Fill(store);
        long read = 0;
        var watched = new FaultyFileSystem(files)
        {
            Done = call => read += call.Operation == FileOperation.Read && call.Path.EndsWith(".log", StringComparison.Ordinal) ? 1 : 0,
        };
        using LsmStore recovered = Open(watched, memtable: 64 << 20);
        AssertHolds(recovered);
        Assert.InRange(read, 1, 8);
    }

    private static void Fill(LsmStore store)
    {
        var batch = new WriteBatch();
        for (int i = 0; i < Writes; i++)
        {
            batch.Put(Key(Scattered(i)), Value(i));
            if (i % 5 == 4)
            {
                if (i % 1000 == 999)
                    batch.DeleteRange(Key(5), Key(8));
                store.Write(batch).ThrowIfRefused();
                batch.Clear();
            }
        }
    }

    private static void AssertHolds(LsmStore store)
    {
        for (int i = Writes - Keys; i < Writes; i++)
            Assert.Equal(Scattered(i) is >= 5 and < 8 ? null : Value(i), store.Get(Key(Scattered(i))));
        Assert.Equal((ulong)(Writes + Writes / 1000), store.LastSequence.Value);
    }

    // Any so many successive numbers give every key once.
    private static int Scattered(int i) => (int)(i * 7919L % Keys);

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes($"key-{i:D8}");

    private static byte[] Value(int i) => Encoding.ASCII.GetBytes($"value-{i}-{new string('x', 100)}");

    private static LsmStore Open(IFileSystem files, int memtable) => LsmStore.Open("/store",
        SmallWorkload.Options(files, new ManualScheduler()) with { MemtableBytes = memtable, MaxImmutableMemtables = 20 });
}
