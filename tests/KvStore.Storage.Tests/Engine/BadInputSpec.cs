using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

public sealed class BadInputSpec : IDisposable
{
    private const string Home = "/store";
    private readonly MemoryFileSystem _files = new();
    private readonly LsmStore _store;

    public BadInputSpec() => _store = LsmStore.Open(Home, Options());

    public void Dispose() => _store.Dispose();

    [Fact]
    public void An_empty_key_is_refused_and_changes_nothing()
    {
        Assert.Throws<InvalidKeyException>(() => _store.Put(default, "1"u8));
        Assert.Throws<InvalidKeyException>(() => _store.Delete(default));
        Assert.Throws<InvalidKeyException>(() => new WriteBatch().Put(default, "1"u8));
        Assert.Equal(SequenceNumber.Zero, _store.LastSequence);
    }

    [Fact]
    public void A_key_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        Assert.Throws<InvalidKeyException>(() => _store.Put(new byte[101], "1"u8));
        Assert.Throws<InvalidKeyException>(() => _store.Write(new WriteBatch().Put("a"u8, "1"u8).Delete(new byte[101])));
        Assert.Equal(SequenceNumber.Zero, _store.LastSequence);
        Assert.True(_store.Put(new byte[100], "1"u8).IsDone);
    }

    [Fact]
    public void A_value_or_batch_over_the_limit_is_refused_and_changes_nothing()
    {
        Assert.Throws<TooLargeException>(() => _store.Put("a"u8, new byte[1001]));
        var batch = new WriteBatch();
        for (int i = 0; i < 5; i++)
            batch.Put("a"u8, new byte[1000]);
        Assert.Throws<TooLargeException>(() => _store.Write(batch));
        Assert.Equal(SequenceNumber.Zero, _store.LastSequence);
        Assert.True(_store.Put("a"u8, new byte[1000]).IsDone);
    }

    [Fact]
    public void An_empty_range_is_refused()
    {
        Assert.Throws<ArgumentException>(() => _store.DeleteRange("b"u8, "b"u8));
        Assert.Throws<ArgumentException>(() => new WriteBatch().DeleteRange("b"u8, "a"u8));
    }

    [Fact]
    public void An_empty_batch_does_nothing() => Assert.True(_store.Write(new WriteBatch()).IsDone);

    [Fact]
    public void A_second_opener_is_refused_until_the_first_has_closed()
    {
        Assert.Throws<StoreLockedException>(() => LsmStore.Open(Home, Options()));
        _store.Dispose();
        LsmStore.Open(Home, Options()).Dispose();
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        _files.Put("/file", [1]);
        Assert.Throws<NotADirectoryException>(() => LsmStore.Open("/file", Options()));
    }

    [Fact]
    public void A_missing_store_is_an_error_where_none_is_to_be_made()
    {
        Assert.Throws<StoreMissingException>(() => LsmStore.Open("/other", Options() with { CreateIfMissing = false }));
        _files.CreateDirectory("/empty");
        Assert.Throws<StoreMissingException>(() => LsmStore.Open("/empty", Options() with { CreateIfMissing = false }));
    }

    [Fact]
    public void Tables_without_CURRENT_are_damage_and_not_a_new_store()
    {
        _store.Put("a"u8, "1"u8);
        _store.Flush();
        _store.Dispose();
        _files.Delete($"{Home}/CURRENT");
        Assert.Throws<CorruptionException>(() => LsmStore.Open(Home, Options()));
    }

    [Fact]
    public void A_table_that_the_manifest_lists_must_be_there_and_whole()
    {
        _store.Put("a"u8, "1"u8);
        _store.Flush();
        _store.Dispose();
        string table = _files.List(Home).Single(name => name.EndsWith(".sst", StringComparison.Ordinal));
        MemoryFileSystem without = _files.Clone();
        without.Delete($"{Home}/{table}");
        Assert.Contains(table,
            Assert.Throws<CorruptionException>(() => LsmStore.Open(Home, Options() with { FileSystem = without })).Message);
    }

    [Fact]
    public void A_write_to_a_closed_store_is_refused()
    {
        _store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _store.Put("a"u8, "1"u8));
        Assert.Throws<ObjectDisposedException>(() => _store.Get("a"u8));
    }

    [Fact]
    public void An_option_out_of_its_range_is_named()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => LsmStore.Open("/x", Options() with { MemtableBytes = 1 }));
        Assert.Contains("MemtableBytes", refused.Message);
    }

    private EngineOptions Options() => new()
    {
        FileSystem = _files,
        Scheduler = () => new ManualScheduler(),
        MaxKeyBytes = 100,
        MaxValueBytes = 1000,
        MaxBatchBytes = 4000,
        MemtableBytes = 64 << 10,
        ReserveBytes = 0,
    };
}
