using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Crashes;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Engine;

/// <summary>What the engine offers to callers that must not block, such as actors: on one thread, in a simulated world.</summary>
public sealed class NeverBlockingSpec : IDisposable
{
    private const string Home = "/store";
    private readonly FaultyFileSystem _files = new(new MemoryFileSystem());
    private readonly List<WriteCompletion> _completed = [];
    private ManualScheduler _scheduler = null!;
    private LsmStore _store;

    public NeverBlockingSpec() => _store = Open();

    public void Dispose()
    {
        _files.Plan = null;
        _store.Dispose();
    }

    [Fact]
    public void A_submitted_batch_is_logged_at_once_and_durable_when_its_callback_comes()
    {
        WriteResult logged = Submit("a", "1");
        Assert.True(logged.IsDone);
        Assert.Empty(_completed);
        Assert.Null(_store.Get("a"u8));
        _scheduler.RunAll();
        Assert.Equal([new WriteCompletion(logged.Sequence, null)], _completed);
        Assert.Equal("1"u8.ToArray(), _store.Get("a"u8));
    }

    [Fact]
    public void Batches_submitted_together_share_one_sync_and_complete_in_order()
    {
        _scheduler.RunAll();
        long before = _store.Statistics().LogSyncs;
        SequenceNumber[] sequences = [.. Enumerable.Range(0, 20).Select(i => Submit($"key{i}", "x").Sequence)];
        _scheduler.RunAll();
        Assert.Equal(sequences, _completed.Select(completion => completion.Sequence));
        Assert.Equal(1, _store.Statistics().LogSyncs - before);
    }

    [Fact]
    public void A_batch_that_need_not_be_durable_completes_without_a_sync()
    {
        _scheduler.RunAll();
        long before = _store.Statistics().LogSyncs;
        _store.Submit(new WriteBatch().Put("a"u8, "1"u8), _completed.Add, new WriteOptions { Durability = Durability.None });
        Assert.Empty(_completed);
        _scheduler.RunAll();
        Assert.Single(_completed);
        Assert.Equal(0, _store.Statistics().LogSyncs - before);
    }

    [Fact]
    public void A_batch_that_waits_for_nothing_is_complete_at_once_where_the_caller_takes_it_so()
    {
        _scheduler.RunAll();
        WriteResult logged = SubmitOrComplete("a", Durability.None, out bool isComplete);
        Assert.True(logged.IsDone && isComplete);
        Assert.Equal("1"u8.ToArray(), _store.Get("a"u8));
        _scheduler.RunAll();
        Assert.Empty(_completed);
    }

    [Fact]
    public void A_batch_that_waits_for_a_sync_or_comes_after_one_is_called_back_in_order()
    {
        _scheduler.RunAll();
        WriteResult first = SubmitOrComplete("a", Durability.Group, out bool firstIsComplete);
        WriteResult second = SubmitOrComplete("b", Durability.None, out bool secondIsComplete);
        Assert.False(firstIsComplete || secondIsComplete);
        _scheduler.RunAll();
        Assert.Equal([first.Sequence, second.Sequence], _completed.Select(completion => completion.Sequence));
    }

    [Fact]
    public void A_callback_may_submit_the_next_batch()
    {
        int left = 10;
        _store.Submit(new WriteBatch().Put("a"u8, "1"u8), Next);
        _scheduler.RunAll();
        Assert.Equal(0, left);

        void Next(WriteCompletion completion)
        {
            Assert.True(completion.IsDone);
            if (--left > 0)
                _store.Submit(new WriteBatch().Put("a"u8, "1"u8), Next);
        }
    }

    [Fact]
    public void Closing_makes_what_was_submitted_durable_and_says_so()
    {
        Submit("a", "1");
        _store.Dispose();
        Assert.True(Assert.Single(_completed).IsDone);
        _store = Open();
        Assert.Equal("1"u8.ToArray(), _store.Get("a"u8));
    }

    [Fact]
    public void A_failed_sync_fails_every_submitted_batch_once_and_refuses_the_next()
    {
        Submit("a", "1");
        Submit("b", "1");
        _files.Plan = call => call.Operation == FileOperation.Sync ? Fault.IOError : Fault.None;
        _scheduler.RunAll();
        Assert.Equal(2, _completed.Count);
        Assert.All(_completed, completion => Assert.IsType<StoreFailedException>(completion.Failure));
        Assert.Throws<StoreFailedException>(() => Submit("c", "1"));
        Assert.Equal(2, _completed.Count);
    }

    [Fact]
    public void Where_it_would_have_to_wait_for_room_submit_answers_busy_and_calls_nobody()
    {
        WriteResult result;
        int logged = 0;
        while ((result = Submit($"key{logged}", new string('x', 500))).IsDone && logged < 1000)
            logged++;
        Assert.Equal(WriteStatus.Busy, result.Status);
        Assert.True(result.RetryAfter > TimeSpan.Zero);
        _scheduler.RunAll();
        Assert.Equal(logged, _completed.Count);
        Assert.True(Submit("late", "1").IsDone);
    }

    [Fact]
    public void No_file_is_made_or_synced_while_a_batch_is_submitted()
    {
        _scheduler.RunAll();
        var calls = new List<FileOperation>();
        for (int i = 0; i < 200; i++)
        {
            _files.Plan = call =>
            {
                calls.Add(call.Operation);
                return Fault.None;
            };
            WriteResult result = Submit($"key{i}", new string('x', 500));
            _files.Plan = null;
            if (!result.IsDone)
                _scheduler.RunAll();
        }

        Assert.Equal([FileOperation.Write], calls.Distinct());
    }

    [Fact]
    public void A_cached_read_knows_memtables_and_says_when_the_disk_is_needed()
    {
        _store.Put("a"u8, "1"u8);
        Assert.Equal((CachedLookup.Found, 1), TryGet("a"));
        Assert.Equal((CachedLookup.NotFound, 0), TryGet("b"));
        _store.Delete("a"u8);
        Assert.Equal((CachedLookup.NotFound, 0), TryGet("a"));
    }

    [Fact]
    public void A_cached_read_never_touches_a_file_and_finds_what_a_read_has_brought_in()
    {
        for (int i = 0; i < 100; i++)
            _store.Put(Key(i), new byte[100]);
        _store.Compact();
        _scheduler.RunAll();
        int calls = 0;
        _files.Plan = _ =>
        {
            calls++;
            return Fault.None;
        };
        long missesBefore = _store.Statistics().BlockCacheMisses;
        Assert.Equal((CachedLookup.NotCached, 0), TryGet("key50"));
        Assert.Equal(0, calls);
        Assert.NotNull(_store.Get(Key(50)));
        Assert.NotEqual(0, calls);
        Assert.Equal(missesBefore + 1, _store.Statistics().BlockCacheMisses);
        calls = 0;
        Assert.Equal((CachedLookup.Found, 100), TryGet("key50"));
        Assert.Equal((CachedLookup.NotFound, 0), TryGet("key50 is not this"));
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cached_read_answers_as_a_read_does_or_not_at_all(int indexLevels)
    {
        _store.Dispose();
        _store = Open(indexLevels);
        for (int i = 0; i < 600; i++)
            _store.Put(Key(i), [(byte)i]);
        _store.DeleteRange(Key(200), Key(300));
        _store.Compact();
        for (int i = 0; i < 600; i += 7)
            _store.Delete(Key(i));
        for (int i = 0; i < 300; i += 2)
            _store.Get(Key(i));
        var answers = new int[3];
        for (int i = 0; i < 700; i++)
        {
            var destination = new byte[1];
            CachedLookup cached = _store.TryGetCached(Key(i), destination, out int length);
            answers[(int)cached]++;
            if (cached != CachedLookup.NotCached)
                Assert.Equal(_store.Get(Key(i)), cached == CachedLookup.Found ? destination[..length] : null);
        }

        Assert.All(answers, count => Assert.NotEqual(0, count));
    }

    [Fact]
    public void The_hot_path_of_a_cached_read_and_of_a_submitted_batch_allocates_nothing()
    {
        using LsmStore store = LsmStore.Open(Home + "2", SmallWorkload.Options(new MemoryFileSystem(), _scheduler) with
        {
            MemtableBytes = 1 << 20, BlockCacheBytes = 1 << 20,
        });
        for (int i = 0; i < 500; i++)
            store.Put(Key(i), new byte[100]);
        store.Compact();
        byte[][] keys = [.. Enumerable.Range(0, 500).Select(Key)];
        var destination = new byte[100];
        var batch = new WriteBatch();
        long called = 0, found = 0, allocated = 0;
        Action<WriteCompletion> callback = _ => called++;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] key in keys)
                found += store.TryGetCached(key, destination, out _) == CachedLookup.Found ? 1 : 0;
            batch.Clear();
            store.Submit(batch.Put(keys[0], destination), callback).ThrowIfRefused();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            foreach (byte[] key in keys)
                store.Get(key);
            _scheduler.RunAll();
        }

        Assert.Equal((0, 4), (allocated, called));
        Assert.InRange(found, 3 * 500, 4 * 500);
    }

    private (CachedLookup, int) TryGet(string key)
    {
        CachedLookup answer = _store.TryGetCached(System.Text.Encoding.ASCII.GetBytes(key), new byte[200], out int length);
        return (answer, length);
    }

    private WriteResult SubmitOrComplete(string key, Durability durability, out bool isComplete) => _store.Submit(
        new WriteBatch().Put(System.Text.Encoding.UTF8.GetBytes(key), "1"u8), _completed.Add, out isComplete,
        new WriteOptions { Durability = durability });

    private WriteResult Submit(string key, string value) => _store.Submit(
        new WriteBatch().Put(System.Text.Encoding.ASCII.GetBytes(key), System.Text.Encoding.ASCII.GetBytes(value)),
        _completed.Add);

    private static byte[] Key(int i) => System.Text.Encoding.ASCII.GetBytes($"key{i}");

    private LsmStore Open(int indexLevels = 1)
    {
        _scheduler = new ManualScheduler();
        return LsmStore.Open(Home, SmallWorkload.Options(_files, _scheduler) with
        {
            BlockCacheBytes = 1 << 20,
            BlockSize = 64,
            IndexPartitionSize = indexLevels == 1 ? 64 * 1024 : 64,
        });
    }
}
