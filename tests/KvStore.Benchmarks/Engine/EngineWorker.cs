using System.Diagnostics;
using KvStore.Storage;
using KvStore.Storage.Iterators;

namespace KvStore.Benchmarks.Engine;

/// <summary>One thread of a workload: the same step again and again, each timed from the end of the one before, as db_bench
/// does.</summary>
internal abstract class EngineWorker
{
    private const int UncountedSteps = 1000;

    private readonly byte[] _key;
    private BenchRandom _random;

    protected EngineWorker(WorkerSetting setting, int keySize)
    {
        Setting = setting;
        _key = new byte[keySize];
        Array.Fill(_key, (byte)'0');
        // A run must not read in the very order in which another wrote.
        ulong workload = setting.Options.Workload.Aggregate(0UL, (sum, letter) => sum * 31 + letter);
        _random = new BenchRandom(((ulong)setting.Options.Seed ^ workload << 16) * 1000 + (ulong)setting.Thread);
    }

    public LatencyHistogram Latencies { get; } = new();

    public long Found { get; protected set; }

    public long Wrong { get; protected set; }

    /// <summary>Bytes that this thread allocated after its first steps, which open tables and fill pools.</summary>
    public long AllocatedBytes { get; private set; }

    public long CountedSteps { get; private set; }

    protected WorkerSetting Setting { get; }

    protected abstract void Step(long ordinal);

    /// <summary>Does so many steps, or goes on until told to stop.</summary>
    public void Run(long steps, CancellationToken stop)
    {
        long allocated = 0, ordinal = 0;
        long last = Stopwatch.GetTimestamp();
        for (; ordinal < steps && !stop.IsCancellationRequested; ordinal++)
        {
            if (ordinal == UncountedSteps)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            Step(ordinal);
            long now = Stopwatch.GetTimestamp();
            Latencies.Add((now - last) * (1_000_000_000 / Stopwatch.Frequency));
            last = now;
        }
        CountedSteps = Math.Max(0, ordinal - UncountedSteps);
        if (CountedSteps > 0)
            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    protected long RandomNumber(long below) => _random.Below(below);

    protected ReadOnlySpan<byte> Key(long number)
    {
        BenchKeys.WriteNumber(_key, number);
        return _key;
    }
}

internal sealed class WriteWorker(WorkerSetting setting, bool inOrder) : EngineWorker(setting, setting.Keys.KeySize)
{
    private readonly WriteOptions _options = new() { Durability = setting.Sync ? Durability.Group : Durability.None };

    protected override void Step(long ordinal)
    {
        long number = inOrder ? ordinal : RandomNumber(Setting.Options.Num);
        Setting.Store.Put(Key(number), Setting.Keys.Value(number), _options).ThrowIfRefused();
    }
}

internal sealed class DeleteWorker(WorkerSetting setting) : EngineWorker(setting, setting.Keys.KeySize)
{
    private readonly WriteOptions _options = new() { Durability = setting.Sync ? Durability.Group : Durability.None };

    protected override void Step(long ordinal) =>
        Setting.Store.Delete(Key(RandomNumber(Setting.Options.Num)), _options).ThrowIfRefused();
}

/// <summary>A missing key is one byte longer than a key that is there.</summary>
internal sealed class ReadWorker(WorkerSetting setting, long keys, bool missing)
    : EngineWorker(setting, setting.Keys.KeySize + (missing ? 1 : 0))
{
    protected override void Step(long ordinal)
    {
        long number = RandomNumber(keys);
        var sink = new CheckingSink(Setting.Keys, number);
        if (!Setting.Store.Get(Key(number), null, ref sink))
            return;
        Found++;
        if (missing || !sink.IsRight)
            Wrong++;
    }

    private struct CheckingSink(BenchKeys keys, long number) : IValueSink
    {
        public bool IsRight { get; private set; }

        public void Accept(ReadOnlySpan<byte> value) => IsRight = value.SequenceEqual(keys.Value(number));
    }
}

internal sealed class SeekWorker(WorkerSetting setting) : EngineWorker(setting, setting.Keys.KeySize)
{
    protected override void Step(long ordinal)
    {
        using StoreIterator iterator = Setting.Store.NewIterator();
        iterator.Seek(Key(RandomNumber(Setting.Options.Num)));
        if (iterator.Valid)
            Found++;
        for (int step = 0; step <= Setting.Options.SeekNexts && iterator.Valid; step++)
        {
            long number = BenchKeys.NumberOf(iterator.Key);
            if (!iterator.Value.SequenceEqual(Setting.Keys.Value(number)))
                Wrong++;
            if (step < Setting.Options.SeekNexts)
                iterator.Next();
        }
    }
}

/// <summary>Merges all tables of the store down to one level.</summary>
internal sealed class CompactWorker(WorkerSetting setting) : EngineWorker(setting, setting.Keys.KeySize)
{
    protected override void Step(long ordinal) => Setting.Store.Compact();
}
