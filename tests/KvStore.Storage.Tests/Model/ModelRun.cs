using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Model;

/// <summary>
/// One seeded run of random operations on a store and on its model, compared all the while. Flushes, compactions, reopenings and
/// crashes come at any time; the options come from the seed too. Everything runs on one thread, so a seed always does the same.
/// </summary>
public sealed class ModelRun : IDisposable
{
    private const string Home = "/store";
    private readonly Random _random;
    private readonly byte[][] _keys;
    private readonly EngineOptions _options;
    private readonly StoreModel _model = new();
    private readonly List<(StoreSnapshot Snapshot, List<KeyValuePair<byte[], byte[]>> Entries)> _snapshots = [];
    private MemoryFileSystem _files = new();
    private ManualScheduler _scheduler = new();
    private LsmStore _store;

    public ModelRun(int seed)
    {
        _random = new Random(seed);
        _keys = [.. Enumerable.Range(0, 50 + _random.Next(400)).Select(_ => RandomKey()).Distinct(ByteOrder.Instance)];
        _options = RandomOptions();
        _files.CreateDirectory(Home);
        _store = Open();
    }

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
            Step();
        Check();
    }

    public void Dispose() => _store.Dispose();

    private void Step()
    {
        switch (_random.Next(1000))
        {
            case < 400: Put(); break;
            case < 480: Delete(); break;
            case < 495: DeleteRange(); break;
            case < 545: WriteBatch(); break;
            case < 560: Submit(); break;
            case < 720: Get(); break;
            case < 735: MultiGet(); break;
            case < 740: WalkPrefix(); break;
            case < 780: Walk(); break;
            case < 800: Snapshot(); break;
            case < 820: CheckSnapshot(); break;
            case < 980: _scheduler.RunOne(); break;
            case < 988: _store.Sync(); _model.AllDurable(); break;
            case < 992: _store.Flush(); break;
            case < 994: Check(); break;
            case < 996: _store.Compact(); break;
            case < 998: Reopen(); break;
            default: Crash(); break;
        }
    }

    private void Put()
    {
        byte[] key = AnyKey(), value = AnyValue();
        WriteOptions options = AnyDurability(out bool durable);
        _model.Apply(Done(_store.Put(key, value, options)), durable, (ValueKind.Put, key, value));
    }

    private void Delete()
    {
        byte[] key = AnyKey();
        WriteOptions options = AnyDurability(out bool durable);
        _model.Apply(Done(_store.Delete(key, options)), durable, (ValueKind.Delete, key, []));
    }

    private void DeleteRange()
    {
        (byte[] begin, byte[] end) = AnyRange();
        WriteOptions options = AnyDurability(out bool durable);
        _model.Apply(Done(_store.DeleteRange(begin, end, options)), durable, (ValueKind.RangeDelete, begin, end));
    }

    private void WriteBatch()
    {
        WriteOptions options = AnyDurability(out bool durable);
        WriteBatch batch = AnyBatch(out List<(ValueKind, byte[], byte[])> operations);
        _model.Apply(Done(_store.Write(batch, options)), durable, operations);
    }

    /// <summary>Some batches without waiting, then whatever work there is until all have been called back.</summary>
    private void Submit()
    {
        int open = 0;
        var batches = new List<(SequenceNumber, bool, List<(ValueKind, byte[], byte[])>)>();
        for (int i = 1 + _random.Next(3); i > 0; i--)
        {
            WriteOptions options = AnyDurability(out bool durable);
            WriteBatch batch = AnyBatch(out List<(ValueKind, byte[], byte[])> operations);
            WriteResult result = _store.Submit(batch, completion => open -= completion.IsDone ? 1 : 0, options);
            if (result.Status == WriteStatus.Busy)
                break;
            open++;
            batches.Add((Done(result), durable, operations));
        }

        while (open > 0)
            Assert.True(_scheduler.RunOne(), "a callback is owed, and no work is left");
        foreach ((SequenceNumber sequence, bool durable, List<(ValueKind, byte[], byte[])> operations) in batches)
            _model.Apply(sequence, durable, operations);
    }

    private WriteBatch AnyBatch(out List<(ValueKind, byte[], byte[])> operations)
    {
        var batch = new WriteBatch();
        operations = [];
        for (int i = 1 + _random.Next(8); i > 0; i--)
        {
            byte[] key = AnyKey(), value = AnyValue();
            (byte[] begin, byte[] end) = AnyRange();
            switch (_random.Next(10))
            {
                case < 6: batch.Put(key, value); operations.Add((ValueKind.Put, key, value)); break;
                case < 9: batch.Delete(key); operations.Add((ValueKind.Delete, key, [])); break;
                default: batch.DeleteRange(begin, end); operations.Add((ValueKind.RangeDelete, begin, end)); break;
            }
        }

        return batch;
    }

    private void Get()
    {
        byte[] key = _random.Next(10) == 0 ? RandomKey() : AnyKey();
        var destination = new byte[4000];
        CachedLookup cached = _store.TryGetCached(key, destination, out int length);
        if (cached != CachedLookup.NotCached)
            Assert.Equal(_model.Get(key), cached == CachedLookup.Found ? destination[..length] : null);
        Assert.Equal(_model.Get(key), _store.Get(key));
    }

    private void MultiGet()
    {
        byte[][] keys = [.. Enumerable.Range(0, _random.Next(10)).Select(_ => _random.Next(10) == 0 ? RandomKey() : AnyKey())];
        Assert.Equal(keys.Select(_model.Get), _store.MultiGet(keys));
    }

    /// <summary>All keys that begin alike, both ways.</summary>
    private void WalkPrefix()
    {
        byte[] key = AnyKey();
        byte[] prefix = key[..(1 + _random.Next(key.Length))];
        List<KeyValuePair<byte[], byte[]>> entries = _model.Copy();
        entries.RemoveAll(e => !e.Key.AsSpan().StartsWith(prefix));
        var options = new IterateOptions { Prefix = prefix, FillCache = _random.Next(2) == 0 };
        StoreChecks.HoldsExactly(_store, entries, options);
        StoreChecks.HoldsExactlyBackwards(_store, entries, options);
    }

    /// <summary>A seek and a few steps in random directions, within random bounds.</summary>
    private void Walk()
    {
        (byte[] lower, byte[] upper) = AnyRange();
        bool bounded = _random.Next(2) == 0;
        List<KeyValuePair<byte[], byte[]>> entries = _model.Copy();
        if (bounded)
            entries.RemoveAll(e => ByteOrder.Instance.Compare(e.Key, lower) < 0 || ByteOrder.Instance.Compare(e.Key, upper) >= 0);
        using StoreIterator iterator = _store.NewIterator(
            bounded ? new IterateOptions { LowerBound = lower, UpperBound = upper } : null);
        byte[] key = AnyKey();
        int at;
        if (_random.Next(2) == 0)
        {
            iterator.Seek(key);
            at = entries.FindIndex(e => ByteOrder.Instance.Compare(e.Key, key) >= 0);
        }
        else
        {
            iterator.SeekForPrev(key);
            at = entries.FindLastIndex(e => ByteOrder.Instance.Compare(e.Key, key) <= 0);
        }

        for (int steps = _random.Next(12); at >= 0 && at < entries.Count && steps > 0; steps--)
        {
            Assert.True(iterator.Valid);
            Assert.Equal(entries[at].Key, iterator.Key.ToArray());
            Assert.Equal(entries[at].Value, iterator.Value.ToArray());
            if (_random.Next(3) > 0)
            {
                iterator.Next();
                at++;
            }
            else
            {
                iterator.Prev();
                at--;
            }
        }

        Assert.Equal(at >= 0 && at < entries.Count, iterator.Valid);
    }

    private void Snapshot()
    {
        if (_snapshots.Count < 3)
            _snapshots.Add((_store.Snapshot(), _model.Copy()));
    }

    private void CheckSnapshot()
    {
        if (_snapshots.Count == 0)
            return;
        int at = _random.Next(_snapshots.Count);
        (StoreSnapshot snapshot, List<KeyValuePair<byte[], byte[]>> entries) = _snapshots[at];
        StoreChecks.HoldsExactly(_store, entries, new IterateOptions { Snapshot = snapshot });
        foreach (KeyValuePair<byte[], byte[]> entry in entries.Take(20))
            Assert.Equal(entry.Value, _store.Get(entry.Key, snapshot));
        if (_random.Next(2) == 0)
            return;
        snapshot.Dispose();
        _snapshots.RemoveAt(at);
    }

    private void Check()
    {
        List<KeyValuePair<byte[], byte[]>> entries = _model.Copy();
        StoreChecks.HoldsExactly(_store, entries);
        StoreChecks.HoldsExactlyBackwards(_store, entries);
        StoreChecks.EachKeyIsFound(_store, _model, _keys);
        Assert.Empty(_store.Verify());
    }

    private void Reopen()
    {
        DropSnapshots();
        _store.Dispose();
        _store = Open();
        _model.AllDurable();
        StoreChecks.HoldsExactly(_store, _model.Copy());
    }

    private void Crash()
    {
        DropSnapshots();
        var plan = new CrashPlan(_random.Next(3) switch { 0 => 0, 1 => 1, _ => _random.NextDouble() },
            _random.Next(2) == 0 ? 512 : 4096, _random.Next());
        MemoryFileSystem after = _files.AfterCrash(plan);
        _store.Dispose();
        _files = after;
        _store = Open();
        StoreChecks.HoldsAPrefix(_store, _model);
    }

    private void DropSnapshots()
    {
        _snapshots.ForEach(taken => taken.Snapshot.Dispose());
        _snapshots.Clear();
    }

    private LsmStore Open() => LsmStore.Open(Home, _options with
    {
        FileSystem = _files,
        Scheduler = () => _scheduler = new ManualScheduler(),
    });

    private static SequenceNumber Done(WriteResult result)
    {
        result.ThrowIfRefused();
        return result.Sequence;
    }

    private WriteOptions AnyDurability(out bool durable)
    {
        var chosen = (Durability)_random.Next(3);
        durable = chosen == Durability.Group;
        return new WriteOptions { Durability = chosen };
    }

    private byte[] AnyKey() => _keys[_random.Next(_keys.Length)];

    private (byte[] Begin, byte[] End) AnyRange()
    {
        byte[] a = AnyKey(), b = AnyKey();
        int order = ByteOrder.Instance.Compare(a, b);
        return order < 0 ? (a, b) : order > 0 ? (b, a) : (a, [.. a, 0]);
    }

    private byte[] RandomKey()
    {
        var key = new byte[1 + _random.Next(_random.Next(4) == 0 ? 30 : 9)];
        for (int i = 0; i < key.Length; i++)
            key[i] = (byte)(_random.Next(20) == 0 ? 255 * _random.Next(2) : 'a' + _random.Next(4));
        return key;
    }

    private byte[] AnyValue()
    {
        var value = new byte[_random.Next(100) == 0 ? 3000 : _random.Next(60)];
        _random.NextBytes(value);
        return value;
    }

    private EngineOptions RandomOptions() => new()
    {
        MemtableBytes = 4096 << _random.Next(5),
        MaxImmutableMemtables = 1 + _random.Next(3),
        BlockSize = 128 << _random.Next(6),
        BlockRestartInterval = 1 + _random.Next(16),
        BloomBitsPerKey = _random.Next(3) * 5,
        Compression = (Compression)_random.Next(2),
        IndexPartitionSize = 64 << _random.Next(6),
        BlockCacheBytes = _random.Next(2) * 64 << 10,
        MaxOpenTables = 1 + _random.Next(10),
        LevelBaseBytes = 4096 << _random.Next(5),
        LevelMultiplier = 2 + _random.Next(9),
        TargetTableBytes = 1024 << _random.Next(5),
        ReserveBytes = 0,
    };
}
