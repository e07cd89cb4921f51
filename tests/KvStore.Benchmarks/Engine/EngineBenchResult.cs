namespace KvStore.Benchmarks.Engine;

/// <summary>What one run measured; printed as one JSON object. Times of an operation are microseconds.</summary>
internal sealed record EngineBenchResult
{
    public required string Workload { get; init; }

    public required long Num { get; init; }

    public required int KeySize { get; init; }

    public required int ValueSize { get; init; }

    public required int Threads { get; init; }

    public required bool Sync { get; init; }

    public required long CacheBytes { get; init; }

    public required long Operations { get; init; }

    public required double Seconds { get; init; }

    public required double OperationsPerSecond { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double P999 { get; init; }

    public required double Max { get; init; }

    /// <summary>Bytes that the threads doing the workload allocated, by operation; background work is not in it.</summary>
    public required double AllocatedPerOperation { get; init; }

    /// <summary>Keys found, of a workload that reads.</summary>
    public required long Found { get; init; }

    /// <summary>Values that were not those written under their keys. Anything but 0 is a fault of the engine.</summary>
    public required long Wrong { get; init; }

    /// <summary>Writes a second beside the reads, where a workload has both.</summary>
    public required double WritesPerSecond { get; init; }

    /// <summary>Seconds from the last operation until flushes and compactions rest.</summary>
    public double SettleSeconds { get; init; }

    /// <summary>Bytes written to log and tables by bytes of keys and values written, until compactions rest.</summary>
    public required double WriteAmplification { get; init; }

    /// <summary>Bytes of tables by bytes of keys and values that are live.</summary>
    public required double SpaceAmplification { get; init; }

    public double OpenSeconds { get; init; }

    /// <summary>Processor time of the whole process, background work included, in microseconds by operation.</summary>
    public double ProcessorPerOperation { get; init; }
}
