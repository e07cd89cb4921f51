using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class TableCacheSpec : IDisposable
{
    private readonly TableFiles _files = new();
    private readonly TableInfo[] _tables;
    private readonly TableCache _cache;

    public TableCacheSpec()
    {
        _tables = [.. Enumerable.Range(1, 10).Select(n => _files.Write((ulong)n, [Entry.Put($"key{n:D2}", 1, $"value{n}")]))];
        _cache = new TableCache(_files, "db", new EngineOptions { MaxOpenTables = 3 }, null);
    }

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void A_table_is_opened_once_and_shared()
    {
        using TableLease first = _cache.Acquire(_tables[0]);
        using TableLease second = _cache.Acquire(_tables[0]);

        Assert.Same(first.Reader, second.Reader);
        Assert.Equal(1, _files.OpenFiles);
    }

    [Fact]
    public void No_more_files_stay_open_than_allowed()
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (TableInfo table in _tables)
            {
                using TableLease lease = _cache.Acquire(table);
                Assert.Equal(table.Number, lease.Reader.Info.Number);
            }
        }

        Assert.Equal(3, _files.OpenFiles);
        Assert.Equal(3, _cache.OpenTables);
    }

    [Fact]
    public void A_table_on_lease_stays_open_while_others_come_and_go()
    {
        TableLease lease = _cache.Acquire(_tables[0]);
        foreach (TableInfo table in _tables)
            _cache.Acquire(table).Dispose();

        Assert.Equal(LookupState.Found, lease.Reader.Get(Entry.Bytes("key01"), 9, out _));
        lease.Dispose();
        Assert.Equal(3, _files.OpenFiles);
    }

    [Fact]
    public void A_cache_that_is_never_full_forgets_what_was_evicted()
    {
        using var cache = new TableCache(_files, "db", new EngineOptions { MaxOpenTables = 1_000 }, null);
        for (int round = 0; round < 20; round++)
        {
            foreach (TableInfo table in _tables)
            {
                cache.Acquire(table).Dispose();
                cache.Evict(table.Number);
            }
        }

        Assert.InRange(cache.Remembered, 0, 40);
    }

    [Fact]
    public void An_evicted_table_is_closed_with_its_last_lease()
    {
        TableLease lease = _cache.Acquire(_tables[0]);
        _cache.Evict(_tables[0].Number);
        Assert.Equal(1, _files.OpenFiles);

        lease.Dispose();

        Assert.Equal(0, _files.OpenFiles);
    }

    [Fact]
    public void Two_descriptions_of_one_table_share_one_open_file()
    {
        using TableLease first = _cache.Acquire(_tables[0]);
        using TableLease second = _cache.Acquire(first.Reader.Info);

        Assert.Same(first.Reader, second.Reader);
    }

    [Fact]
    public void A_table_that_failed_to_open_is_tried_again()
    {
        string path = TableFiles.PathOf(1);
        byte[] sound = _files[path];
        _files[path] = new byte[10];
        Assert.Throws<UnsupportedFormatException>(() => _cache.Acquire(_tables[0]));
        _files[path] = sound;

        using TableLease lease = _cache.Acquire(_tables[0]);

        Assert.Equal(1, lease.Reader.Info.Entries);
    }

    [Fact]
    public void Leases_on_several_threads_never_meet_a_closed_table()
    {
        int failures = 0;
        Thread[] readers =
        [
            .. Enumerable.Range(0, 4).Select(seed => new Thread(() =>
            {
                var random = new Random(seed);
                for (int i = 0; i < 5_000; i++)
                {
                    int n = random.Next(_tables.Length);
                    using TableLease lease = _cache.Acquire(_tables[n]);
                    if (lease.Reader.Get(Entry.Bytes($"key{n + 1:D2}"), 9, out _) != LookupState.Found)
                        Interlocked.Increment(ref failures);
                }
            })),
        ];
        Array.ForEach(readers, reader => reader.Start());
        Array.ForEach(readers, reader => reader.Join());

        Assert.Equal(0, failures);
    }

    [Fact]
    public void After_closing_all_files_are_closed_and_no_lease_is_given()
    {
        TableLease lease = _cache.Acquire(_tables[0]);
        _cache.Acquire(_tables[1]).Dispose();

        _cache.Dispose();

        Assert.Equal(1, _files.OpenFiles);
        lease.Dispose();
        Assert.Equal(0, _files.OpenFiles);
        Assert.Throws<ObjectDisposedException>(() => _cache.Acquire(_tables[0]));
    }
}
