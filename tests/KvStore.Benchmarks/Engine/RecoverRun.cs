using System.Diagnostics;
using KvStore.Storage;

namespace KvStore.Benchmarks.Engine;

/// <summary>
/// <c>bench engine --workload recover</c>: a store whose writes are all in its log is opened, as after the death of its process. An
/// operation is one write recovered; the time is from before the opening until the store takes reads. The first opening of a process
/// is what is measured: a node that starts has not compiled its code either.
/// </summary>
internal static class RecoverRun
{
    public static EngineBenchResult Run(string directory, BenchKeys keys, EngineBenchOptions options)
    {
        if (!options.Existing)
            Fill(directory, keys, options);
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        using LsmStore store = LsmStore.Open(directory, EngineCommand.StoreOptions(options.CacheBytes, sync: false));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        var latencies = new LatencyHistogram();
        latencies.Add((long)elapsed.TotalNanoseconds);
        (long found, long wrong) = Check(store, keys, options);
        long operations = (long)store.LastSequence.Value;
        return new EngineBenchResult
        {
            Workload = options.Workload,
            Num = options.Num,
            KeySize = options.KeySize,
            ValueSize = options.ValueSize,
            Threads = 1,
            Sync = false,
            CacheBytes = options.CacheBytes,
            Operations = operations,
            Seconds = elapsed.TotalSeconds,
            OperationsPerSecond = operations / elapsed.TotalSeconds,
            P50 = latencies.Percentile(0.5) / 1000.0,
            P99 = latencies.Percentile(0.99) / 1000.0,
            P999 = latencies.Percentile(0.999) / 1000.0,
            Max = latencies.Max / 1000.0,
            AllocatedPerOperation = 0,
            Found = found,
            Wrong = wrong,
            WritesPerSecond = 0,
            WriteAmplification = 0,
            SpaceAmplification = 0,
            OpenSeconds = elapsed.TotalSeconds,
            ProcessorPerOperation = processor.TotalMicroseconds / Math.Max(1, operations),
        };
    }

    private static void Fill(string directory, BenchKeys keys, EngineBenchOptions options)
    {
        // Memtables so large that filling flushes nothing. The opening has the ordinary ones.
        long unflushed = Math.Max(1 << 20, options.Num * (options.KeySize + options.ValueSize + 64));
        EngineOptions large = EngineCommand.StoreOptions(options.CacheBytes, sync: false) with { MemtableBytes = unflushed };
        using LsmStore store = LsmStore.Open(directory, large);
        new WriteWorker(new WorkerSetting(store, keys, options, Sync: false, Thread: -1), inOrder: false).Run(options.Num, default);
    }

    // A key that is there has its value; how many there are follows from the seed and is compared by who runs this twice.
    private static (long Found, long Wrong) Check(LsmStore store, BenchKeys keys, EngineBenchOptions options)
    {
        long found = 0, wrong = 0;
        using StoreIterator all = store.NewIterator();
        for (all.SeekToFirst(); all.Valid; all.Next(), found++)
        {
            if (all.Key.Length != options.KeySize || !all.Value.SequenceEqual(keys.Value(BenchKeys.NumberOf(all.Key))))
                wrong++;
        }

        return (found, wrong);
    }
}
