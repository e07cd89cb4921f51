using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KvStore.Storage;

namespace KvStore.Benchmarks.Engine;

/// <summary>
/// <c>bench engine</c>: one workload on the storage engine alone. Unless a store is given it fills one first, compacts it and opens it
/// again, so that reads begin with an empty cache.
/// </summary>
internal static class EngineCommand
{
    private static readonly JsonSerializerOptions JsonStyle = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private const int WarmKeys = 50_000;

    public static int Run(EngineBenchOptions options)
    {
        if (options.KeySize < BenchKeys.SmallestKeySize)
        {
            Console.Error.WriteLine($"--key-size must be at least {BenchKeys.SmallestKeySize}. Nothing was run.");
            return 2;
        }
        string directory = options.Directory ?? Directory.CreateTempSubdirectory("kv-bench-").FullName;
        try
        {
            var keys = new BenchKeys(options.KeySize, options.ValueSize);
            if (options.Workload == EngineWorkloads.Recover)
                return Report(RecoverRun.Run(directory, keys, options), options);
            EngineWorkload workload = EngineWorkloads.Named(options.Workload);
            if (workload.NeedsKeys && !options.Existing)
                Fill(directory, keys, options, compact: !workload.Writes);
            if (options.WarmCode)
                WarmCode(keys, workload, options);
            return Report(Measure(directory, keys, workload, options), options);
        }
        finally
        {
            if (options.Directory is null)
                Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The store as db_bench sets RocksDB up by default.</summary>
    public static EngineOptions StoreOptions(long cacheBytes, bool sync) => new()
    {
        MemtableBytes = 64L << 20,
        MaxImmutableMemtables = 1,
        BlockSize = 4096,
        BlockRestartInterval = 16,
        BloomBitsPerKey = 10,
        Compression = Compression.None,
        BlockCacheBytes = cacheBytes,
        LevelBaseBytes = 256L << 20,
        TargetTableBytes = 64L << 20,
        CompactionThreads = 2,
        Durability = sync ? Durability.Group : Durability.None,
    };

    private static void Fill(string directory, BenchKeys keys, EngineBenchOptions options, bool compact)
    {
        using LsmStore store = LsmStore.Open(directory, StoreOptions(options.CacheBytes, sync: false));
        new WriteWorker(new WorkerSetting(store, keys, options, Sync: false, Thread: -1), inOrder: false).Run(options.Num, default);
        if (compact)
            store.Compact();
    }

    /// <summary>
    /// Runs the workload on a small store of its own until its code is compiled: the engine is measured, not the compiler.
    /// </summary>
    private static void WarmCode(BenchKeys keys, EngineWorkload workload, EngineBenchOptions options)
    {
        string directory = Directory.CreateTempSubdirectory("kv-warm-").FullName;
        try
        {
            EngineBenchOptions small = options with { Num = WarmKeys, Threads = 1, Sync = false };
            for (int round = 0; round < 2; round++)
                Fill(directory, keys, small, compact: true);
            using LsmStore store = LsmStore.Open(directory, StoreOptions(options.CacheBytes, sync: false));
            long steps = workload.Name == "compact" ? 1 : long.MaxValue;
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            workload.NewWorker(new WorkerSetting(store, keys, small, Sync: false, Thread: 0)).Run(steps, stop.Token);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static EngineBenchResult Measure(string directory, BenchKeys keys, EngineWorkload workload, EngineBenchOptions options)
    {
        bool sync = options.Sync || workload.Name == "fillsync";
        bool writesBeside = workload.Name == "readwhilewriting";
        long start = Stopwatch.GetTimestamp();
        using LsmStore store = LsmStore.Open(directory, StoreOptions(options.CacheBytes, sync));
        double openSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        EngineWorker[] Workers() =>
            [.. Enumerable.Range(0, options.Threads).Select(thread => workload.NewWorker(new WorkerSetting(store, keys, options, sync, thread)))];
        long steps = workload.Name == "compact" ? 1 : workload.Writes || options.Reads == 0 ? options.Num : options.Reads;
        if (options.Warm)
            RunTogether(Workers(), steps, null, default);

        EngineWorker[] workers = Workers();
        EngineWorker? writer = writesBeside ? new WriteWorker(new WorkerSetting(store, keys, options, sync, options.Threads), false) : null;
        using var stop = new CancellationTokenSource();
        if (writesBeside)
            stop.CancelAfter(TimeSpan.FromSeconds(options.Duration));
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        TimeSpan elapsed = RunTogether(workers, writesBeside ? long.MaxValue : steps, writer, stop.Token);

        start = Stopwatch.GetTimestamp();
        if (workload.Writes || writesBeside)
            store.WaitForBackgroundWork();
        double settleSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        EngineBenchResult result = Summary(options, sync, store.Statistics(), workers, writer, elapsed);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        return result with
        {
            OpenSeconds = openSeconds,
            SettleSeconds = settleSeconds,
            ProcessorPerOperation = processor.TotalMicroseconds / Math.Max(1, result.Operations),
        };
    }

    private static TimeSpan RunTogether(EngineWorker[] workers, long steps, EngineWorker? writer, CancellationToken stop)
    {
        using var begin = new ManualResetEventSlim();
        Exception? failure = null;
        Thread[] threads = [.. workers.Append(writer).OfType<EngineWorker>().Select(worker => new Thread(() =>
        {
            begin.Wait(CancellationToken.None);
            try
            {
                worker.Run(worker == writer ? long.MaxValue : steps, stop);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        begin.Set();
        Array.ForEach(threads, thread => thread.Join());
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return failure is null ? elapsed : throw new InvalidOperationException("The workload failed.", failure);
    }

    private static EngineBenchResult Summary(
        EngineBenchOptions options,
        bool sync,
        StoreStatistics statistics,
        EngineWorker[] workers,
        EngineWorker? writer,
        TimeSpan elapsed)
    {
        var latencies = new LatencyHistogram();
        foreach (EngineWorker worker in workers)
            latencies.Add(worker.Latencies);
        long tableBytes = statistics.Levels.Sum(level => level.Bytes);
        long entries = statistics.Levels.Sum(level => level.Entries);
        // What the log wrote is near the bytes written; its framing is not counted by the engine.
        double written = statistics.WrittenBytes + statistics.FlushedBytes + statistics.CompactionWrittenBytes;
        return new EngineBenchResult
        {
            Workload = options.Workload,
            Num = options.Num,
            KeySize = options.KeySize,
            ValueSize = options.ValueSize,
            Threads = options.Threads,
            Sync = sync,
            CacheBytes = options.CacheBytes,
            Operations = latencies.Count,
            Seconds = elapsed.TotalSeconds,
            OperationsPerSecond = latencies.Count / elapsed.TotalSeconds,
            P50 = latencies.Percentile(0.5) / 1000.0,
            P99 = latencies.Percentile(0.99) / 1000.0,
            P999 = latencies.Percentile(0.999) / 1000.0,
            Max = latencies.Max / 1000.0,
            AllocatedPerOperation = (double)workers.Sum(worker => worker.AllocatedBytes) / Math.Max(1, workers.Sum(worker => worker.CountedSteps)),
            Found = workers.Sum(worker => worker.Found),
            Wrong = workers.Sum(worker => worker.Wrong),
            WritesPerSecond = (writer?.Latencies.Count ?? 0) / elapsed.TotalSeconds,
            WriteAmplification = statistics.WrittenBytes == 0 ? 0 : written / statistics.WrittenBytes,
            SpaceAmplification = entries == 0 ? 0 : tableBytes / ((double)entries * (options.KeySize + options.ValueSize)),
        };
    }

    private static int Report(EngineBenchResult result, EngineBenchOptions options)
    {
        Print(result, options);
        return result.Wrong == 0 ? 0 : 1;
    }

    private static void Print(EngineBenchResult result, EngineBenchOptions options)
    {
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, JsonStyle));
            return;
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Workload,-16} {result.OperationsPerSecond,12:N0} ops/s  p50 {result.P50:F1} us  p99 {result.P99:F1} us  "
            + $"p99.9 {result.P999:F1} us  max {result.Max:F0} us  {result.AllocatedPerOperation:F1} bytes allocated an operation"));
        if (result.WritesPerSecond > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  beside {result.WritesPerSecond:N0} writes/s"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  found {result.Found}, wrong {result.Wrong}, open {result.OpenSeconds:F3} s, settled after {result.SettleSeconds:F1} s, "
            + $"write amplification {result.WriteAmplification:F2}, space amplification {result.SpaceAmplification:F2}"));
    }
}
