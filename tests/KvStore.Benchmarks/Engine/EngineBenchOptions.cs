using System.CommandLine;

namespace KvStore.Benchmarks.Engine;

/// <summary>What one run of <c>bench engine</c> does; the names are db_bench's where it has them.</summary>
internal sealed record EngineBenchOptions
{
    public required string Workload { get; init; }

    /// <summary>Keys in the key space, and operations of each writing thread.</summary>
    public required long Num { get; init; }

    public required int KeySize { get; init; }

    public required int ValueSize { get; init; }

    public required int Threads { get; init; }

    /// <summary>Whether a write is acknowledged after an fdatasync.</summary>
    public required bool Sync { get; init; }

    public required bool Json { get; init; }

    /// <summary>Where the store is; null: a temporary directory, deleted afterwards.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether the store in <see cref="Directory"/> is used as it is; else it is filled first.</summary>
    public bool Existing { get; init; }

    /// <summary>Operations of each reading thread; 0: <see cref="Num"/>.</summary>
    public long Reads { get; init; }

    public int SeekNexts { get; init; }

    /// <summary>Seconds of a workload that is bounded by time.</summary>
    public double Duration { get; init; }

    public long CacheBytes { get; init; }

    /// <summary>Whether the workload runs once before it is measured.</summary>
    public bool Warm { get; init; }

    /// <summary>Whether the workload first runs for a while on another, small store, so that its code is compiled.</summary>
    public bool WarmCode { get; init; }

    public int Seed { get; init; }

    public static Command NewCommand(Func<EngineBenchOptions, int> run)
    {
        string names = string.Join(", ", EngineWorkloads.Names);
        var workload = new Option<string>("--workload") { Required = true, Description = names };
        workload.AcceptOnlyFromAmong([.. EngineWorkloads.Names]);
        var num = New("--num", 1_000_000L, "keys in the key space, and operations of each writing thread");
        var keySize = New("--key-size", 16, "bytes of a key");
        var valueSize = New("--value-size", 100, "bytes of a value");
        var threads = New("--threads", 1, "threads that do the workload");
        var sync = New("--sync", false, "acknowledge a write after an fdatasync");
        var json = New("--json", false, "print one JSON object");
        var directory = new Option<string?>("--db") { Description = "the store's directory; else a temporary one" };
        var existing = New("--existing", false, "use the store in --db as it is, instead of filling one first");
        var reads = New("--reads", 0L, "operations of each reading thread; 0: as many as --num");
        var seekNexts = New("--seek-nexts", 100, "entries read after each seek");
        var duration = New("--duration", 6.0, "seconds, where a workload is bounded by time");
        var cache = New("--cache-size", 1L << 30, "bytes of block cache");
        var warm = New("--warm", false, "run the workload once before it is measured");
        var warmCode = New("--warm-code", true, "run the workload first on another, small store, so that its code is compiled");
        var seed = New("--seed", 301, "seed of all random choices");

        var command = new Command("engine", "One workload on the storage engine alone")
        {
            workload, num, keySize, valueSize, threads, sync, json, directory, existing,
            reads, seekNexts, duration, cache, warm, warmCode, seed,
        };
        command.SetAction(parsed => run(new EngineBenchOptions
        {
            Workload = parsed.GetRequiredValue(workload),
            Num = parsed.GetValue(num),
            KeySize = parsed.GetValue(keySize),
            ValueSize = parsed.GetValue(valueSize),
            Threads = parsed.GetValue(threads),
            Sync = parsed.GetValue(sync),
            Json = parsed.GetValue(json),
            Directory = parsed.GetValue(directory),
            Existing = parsed.GetValue(existing),
            Reads = parsed.GetValue(reads),
            SeekNexts = parsed.GetValue(seekNexts),
            Duration = parsed.GetValue(duration),
            CacheBytes = parsed.GetValue(cache),
            Warm = parsed.GetValue(warm),
            WarmCode = parsed.GetValue(warmCode),
            Seed = parsed.GetValue(seed),
        }));
        return command;
    }

    private static Option<T> New<T>(string name, T otherwise, string description) =>
        new(name) { DefaultValueFactory = _ => otherwise, Description = description };
}
