using System.Text.Json.Nodes;

namespace KvStore.Benchmarks.Actors;

/// <summary>
/// `./kv bench actors`: what the actor runtime behind this build costs, beside what the machine's bare sockets can do in the
/// same minute.
/// </summary>
internal static class ActorsBenchmark
{
    private static readonly Options.Option[] Known =
    [
        new("json", null, "", "one JSON object on stdout instead of the table"),
        new("seconds", "S", "3", "length of each measurement"),
        new("warmup", "S", "2", "length of the warm-up before each measurement"),
        new("payload", "BYTES", "1024", "payload of the messages between processes"),
        new("outstanding", "N", "512", "round trips under way at once, in the throughput measurements"),
        new("only", "PART", "all", "all, local, remote, socket or idle-cluster (20 s or more)"),
    ];

    internal static int Run(string[] arguments)
    {
        if (Options.Parse("actors", Known, arguments, out var exitCode) is not { } options)
            return exitCode;
        try
        {
            var plan = Plan.From(options);
            var results = Measure(plan).ToList();
            var idle = plan.IdleCluster ? IdleCluster.Measure(plan) : null;
            if (options.Flag("json"))
                Console.Out.WriteLine(Report(plan, results, idle).ToJsonString());
            else
                Console.Out.Write(Table(plan, results, idle));
            return 0;
        }
        catch (UsageException cause)
        {
            Console.Error.WriteLine($"{cause.Message} Nothing was run.");
            return 2;
        }
    }

    private static IEnumerable<Measurement> Measure(Plan plan)
    {
        if (plan.Local)
        {
            foreach (var measurement in LocalMeasurements.Run(plan))
                yield return measurement;
        }
        if (plan.Socket)
        {
            yield return BareSocket.Measure(plan, plan.Outstanding);
            yield return BareSocket.Measure(plan, 1);
        }
        if (plan.Remote)
        {
            yield return RoundTrips.Measure(plan, plan.Outstanding);
            yield return RoundTrips.Measure(plan, 1);
        }
    }

    private static JsonObject Report(Plan plan, List<Measurement> results, IdleCluster? idle) => new()
    {
        ["benchmark"] = "actors",
        ["machine"] = MachineFacts.Collect(),
        ["options"] = new JsonObject
        {
            ["seconds"] = plan.Length.TotalSeconds,
            ["warmup"] = plan.WarmUp.TotalSeconds,
            ["payloadBytes"] = plan.Payload,
            ["outstanding"] = plan.Outstanding,
        },
        ["results"] = new JsonArray([.. results.Select(result => result.ToJson())]),
        ["idleCluster"] = idle?.ToJson(),
    };

    private static string Table(Plan plan, List<Measurement> results, IdleCluster? idle)
    {
        var machine = MachineFacts.Collect();
        return $"{machine["cpu"]}, {machine["processors"]} processors, {machine["dotnet"]}, "
            + $"actor runtime {machine["actorRuntime"]}; "
            + $"{plan.Length.TotalSeconds} s each, payload {plan.Payload} B\n\n"
            + $"{"",-44}{"per second",14}{"CPU us/op",11}{"bytes/op",10}{"p50 us",9}{"p99 us",9}\n"
            + string.Concat(results.Select(result => result.ToLine())) + idle?.ToLine();
    }
}
