using System.Text.Json.Nodes;

namespace KvStore.Benchmarks.Core;

/// <summary>
/// `./kv bench core`: what the protocols cost by themselves, with no disk, no actor and no network: bytes and messages of exchanges,
/// rounds and suspicions of gossip, time and garbage of the codec.
/// </summary>
internal static class CoreBenchmark
{
    private static readonly Options.Option[] Known =
    [
        new("json", null, "", "one JSON object on stdout instead of the table"),
        new("keys", "N", "1000000", "keys of the two replicas that are compared, over 256 partitions"),
        new("nodes", "N", "1000", "the largest cluster whose gossip is simulated"),
        new("seconds", "S", "2", "length of each timing"),
        new("only", "PART", "all", "all, exchange, gossip or codec"),
    ];

    internal static int Run(string[] arguments)
    {
        if (Options.Parse("core", Known, arguments, out var exitCode) is not { } options)
            return exitCode;
        try
        {
            var rows = Measure(options).ToList();
            if (options.Flag("json"))
                Console.Out.WriteLine(Report(rows).ToJsonString());
            else
                Console.Out.Write(string.Concat(rows.Select(row => row.Line())));
            return 0;
        }
        catch (UsageException cause)
        {
            Console.Error.WriteLine($"{cause.Message} Nothing was run.");
            return 2;
        }
    }

    private static IEnumerable<CoreFigure> Measure(Options options)
    {
        var part = options.Text("only");
        if (part is not ("all" or "exchange" or "gossip" or "codec"))
            throw new UsageException($"--only must be all, exchange, gossip or codec, not '{part}'.");
        var figures = Enumerable.Empty<CoreFigure>();
        if (part is "all" or "codec")
            figures = figures.Concat(CodecTiming.Measure(TimeSpan.FromSeconds(options.Number("seconds", 1, 60))));
        if (part is "all" or "exchange")
            figures = figures.Concat(ExchangeCost.Measure(options.Number("keys", 1_000, 10_000_000)));
        if (part is "all" or "gossip")
            figures = figures.Concat(GossipTiming.Measure(options.Number("nodes", 10, 1_000)));
        return figures;
    }

    private static JsonObject Report(List<CoreFigure> rows) => new()
    {
        ["benchmark"] = "core",
        ["machine"] = MachineFacts.Collect(),
        ["figures"] = new JsonArray([.. rows.Select(row => (JsonNode)row.Json())]),
    };
}
