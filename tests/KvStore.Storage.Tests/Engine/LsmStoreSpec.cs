using System.Text;

namespace KvStore.Storage.Tests.Engine;

public sealed class LsmStoreSpec : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kv-store-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_written_is_read_back_after_reopening()
    {
        using (LsmStore store = Open())
        {
            for (int i = 0; i < 20_000; i++)
                store.Put(Key(i), Value(i), new WriteOptions { Durability = Durability.None }).ThrowIfRefused();
            store.Delete(Key(7)).ThrowIfRefused();
            store.DeleteRange(Key(100), Key(200)).ThrowIfRefused();
            AssertHolds(store);
        }

        using (LsmStore store = Open())
        {
            AssertHolds(store);
            store.Compact();
            AssertHolds(store);
            Assert.Empty(store.Verify());
        }

        using (LsmStore store = Open())
            AssertHolds(store);
    }

    private static void AssertHolds(LsmStore store)
    {
        for (int i = 0; i < 20_000; i++)
        {
            bool deleted = i == 7 || i is >= 100 and < 200;
            Assert.Equal(deleted ? null : Value(i), store.Get(Key(i)));
        }

        using StoreIterator all = store.NewIterator();
        int count = 0;
        for (all.SeekToFirst(); all.Valid; all.Next())
            count++;
        Assert.Equal(20_000 - 101, count);
        count = 0;
        for (all.SeekToLast(); all.Valid; all.Prev())
            count++;
        Assert.Equal(20_000 - 101, count);
    }

    private LsmStore Open() => LsmStore.Open(_directory, new EngineOptions
    {
        MemtableBytes = 256 << 10,
        LevelBaseBytes = 1 << 20,
        TargetTableBytes = 128 << 10,
        ReserveBytes = 1 << 20,
    });

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes($"key-{i:D8}");

    private static byte[] Value(int i) => Encoding.ASCII.GetBytes($"value-{i}-{new string('x', 100)}");
}
