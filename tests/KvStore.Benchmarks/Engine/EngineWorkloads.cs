using KvStore.Storage;

namespace KvStore.Benchmarks.Engine;

/// <summary>What a workload needs before it, and what each of its threads does.</summary>
internal sealed record EngineWorkload(string Name, bool Writes, bool NeedsKeys, Func<WorkerSetting, EngineWorker> NewWorker);

/// <summary>The workloads of db_bench that bear these names; readhot is its readrandom on the first hundredth of the
/// keys.</summary>
internal static class EngineWorkloads
{
    private static readonly EngineWorkload[] All =
    [
        new("fillseq", Writes: true, NeedsKeys: false, s => new WriteWorker(s, inOrder: true)),
        new("fillrandom", Writes: true, NeedsKeys: false, s => new WriteWorker(s, inOrder: false)),
        new("fillsync", Writes: true, NeedsKeys: false, s => new WriteWorker(s, inOrder: false)),
        new("overwrite", Writes: true, NeedsKeys: true, s => new WriteWorker(s, inOrder: false)),
        new("deleterandom", Writes: true, NeedsKeys: true, s => new DeleteWorker(s)),
        new("compact", Writes: true, NeedsKeys: true, s => new CompactWorker(s)),
        new("readrandom", Writes: false, NeedsKeys: true, s => new ReadWorker(s, s.Options.Num, missing: false)),
        new("readmissing", Writes: false, NeedsKeys: true, s => new ReadWorker(s, s.Options.Num, missing: true)),
        new("readhot", Writes: false, NeedsKeys: true, s => new ReadWorker(s, Math.Max(1, s.Options.Num / 100), missing: false)),
        new("readwhilewriting", Writes: false, NeedsKeys: true, s => new ReadWorker(s, s.Options.Num, missing: false)),
        new("seekrandom", Writes: false, NeedsKeys: true, s => new SeekWorker(s)),
    ];

    /// <summary>Not a matter of steps: <see cref="RecoverRun"/>.</summary>
    public const string Recover = "recover";

    public static IEnumerable<string> Names => All.Select(workload => workload.Name).Append(Recover);

    public static EngineWorkload Named(string name) => All.Single(workload => workload.Name == name);
}

/// <summary>What a thread of a workload is given.</summary>
internal sealed record WorkerSetting(LsmStore Store, BenchKeys Keys, EngineBenchOptions Options, bool Sync, int Thread);
