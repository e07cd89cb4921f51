using System.Text;
using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tests.Model;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tests.Crashes;

/// <summary>What a small workload may consist of.</summary>
public enum Step
{
    Put,
    Delete,
    Batch,
    RangeDelete,
    Flush,
    Compact,
    Rotate,
}

/// <summary>A store with a little in it, on files that are watched, and the steps of a workload on it.</summary>
public sealed class SmallWorkload : IDisposable
{
    public const string Home = "/store";
    private readonly Durability _durability;
    private readonly ManualScheduler _scheduler = new();
    private int _written;

    /// <param name="durability">Of every write.</param>
    /// <param name="watch">Told of every call on the files from here on, and may make it fail.</param>
    public SmallWorkload(Durability durability, Action<SmallWorkload>? watch = null)
    {
        _durability = durability;
        Files.CreateDirectory(Home);
        using (LsmStore first = LsmStore.Open(Home, Options(Files, new ManualScheduler())))
        {
            for (int i = 0; i < 6; i++)
                Apply(first.Put(Key(i), Value(i)), (ValueKind.Put, Key(i), Value(i)));
            first.Flush();
            Apply(first.Put(Key(2), Value(100)), (ValueKind.Put, Key(2), Value(100)));
        }

        Faulty = new FaultyFileSystem(Files);
        watch?.Invoke(this);
        Store = LsmStore.Open(Home, Options(Faulty, _scheduler));
    }

    public MemoryFileSystem Files { get; } = new();

    public FaultyFileSystem Faulty { get; }

    public StoreModel Model { get; } = new();

    public LsmStore Store { get; }

    /// <summary>A write whose outcome is not known: it was in the log when the store failed.</summary>
    public List<(ValueKind Kind, byte[] Key, byte[] Value)>? InDoubt { get; private set; }

    public static EngineOptions Options(IFileSystem files, ManualScheduler scheduler) => new()
    {
        FileSystem = files,
        Scheduler = () => scheduler,
        MemtableBytes = 4096,
        BlockCacheBytes = 0,
        ReserveBytes = 512,
        Level0CompactionTrigger = 2,
        Level0SlowdownTrigger = 100,
        Level0LimitTrigger = 200,
    };

    public void Do(Step step)
    {
        int n = ++_written;
        switch (step)
        {
            case Step.Put:
                Write([(ValueKind.Put, Key(n % 6), Value(n + 200))]);
                break;
            case Step.Delete:
                Write([(ValueKind.Delete, Key((n + 1) % 6), [])]);
                break;
            case Step.Batch:
                Write([(ValueKind.Put, Key(8), Value(n)), (ValueKind.Delete, Key(3), []), (ValueKind.Put, Key(4), Value(n))]);
                break;
            case Step.RangeDelete:
                Write([(ValueKind.RangeDelete, Key(1), Key(4))]);
                break;
            case Step.Flush:
                Store.Flush();
                break;
            case Step.Compact:
                Store.Compact();
                break;
            default:
                Write([(ValueKind.Put, Key(9), new byte[5000])]);
                _scheduler.RunAll();
                break;
        }
    }

    public void Dispose()
    {
        Faulty.Plan = null;
        Faulty.Done = null;
        Store.Dispose();
    }

    private void Write(List<(ValueKind Kind, byte[] Key, byte[] Value)> operations)
    {
        var batch = new WriteBatch();
        foreach ((ValueKind kind, byte[] key, byte[] value) in operations)
        {
            if (kind == ValueKind.Put)
                batch.Put(key, value);
            else if (kind == ValueKind.Delete)
                batch.Delete(key);
            else
                batch.DeleteRange(key, value);
        }

        InDoubt = operations;
        WriteResult result = Store.Write(batch, new WriteOptions { Durability = _durability });
        InDoubt = null;
        result.ThrowIfRefused();
        Apply(result, [.. operations]);
    }

    private void Apply(WriteResult result, params (ValueKind, byte[], byte[])[] operations) =>
        Model.Apply(result.Sequence, _durability == Durability.Group, operations);

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes($"key{i}");

    private static byte[] Value(int i) => Encoding.ASCII.GetBytes($"value {i}");
}
