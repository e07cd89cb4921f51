namespace KvStore.Benchmarks;

/// <summary>`./kv bench NAME [OPTIONS]`: one table of benchmarks, one line each.</summary>
internal static class Program
{
    private static readonly Benchmark[] Benchmarks =
    [
        new("actors", "actors and remoting: tells, asks, child actors, round trips between two processes",
            Actors.ActorsBenchmark.Run),
        new("engine", "the storage engine by itself; tests/KvStore.Benchmarks/compare-rocksdb puts RocksDB beside it",
            arguments => Engine.EngineBenchOptions.NewCommand(Engine.EngineCommand.Run).Parse(arguments).Invoke()),
        new("cluster", "a running cluster under load, through its Redis doors or the .NET client: YCSB's mixes, fixed rates, processor time an operation",
            Load.ClusterBenchmark.Run),
        new("tables", "one SSTable: build, point reads, scans", Engine.TablesCommand.Run),
        new("core", "the protocols by themselves: cost of exchanges, gossip of up to 1,000 nodes, the codec", Core.CoreBenchmark.Run),
    ];

    internal static int Main(string[] arguments)
    {
        if (arguments is [Actors.RoundTripPeer.Command, ..])
            return Actors.RoundTripPeer.Run(arguments[1..]);
        var chosen = Benchmarks.FirstOrDefault(benchmark => benchmark.Name == arguments.FirstOrDefault());
        if (chosen is not null)
            return chosen.Run(arguments[1..]);
        var asked = arguments is [] or ["--help" or "-h" or "help"];
        (asked ? Console.Out : Console.Error).Write(Usage(arguments));
        return asked ? 0 : 2;
    }

    private static string Usage(string[] arguments) =>
        (arguments is [] or ["--help" or "-h" or "help"] ? "" : $"There is no benchmark '{arguments[0]}'. Nothing was run.\n")
        + "usage: ./kv bench NAME [OPTIONS]     (./kv bench NAME --help lists the options)\n"
        + string.Concat(Benchmarks.Select(benchmark => $"  {benchmark.Name,-10} {benchmark.Summary}\n"));

    private sealed record Benchmark(string Name, string Summary, Func<string[], int> Run);
}
