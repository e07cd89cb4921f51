using System.Net.Sockets;
using System.Text.Json.Nodes;
using KvStore.Client;

namespace KvStore.Benchmarks.Load;

/// <summary>
/// `./kv bench cluster`: YCSB's mixes against a running cluster, through its Redis doors or the .NET client. Every value that is read is checked.
/// </summary>
internal static class ClusterBenchmark
{
    internal static int Run(string[] arguments)
    {
        if (Options.Parse("cluster", ClusterPlan.Known, arguments, out var exitCode) is not { } options)
            return exitCode;
        try
        {
            var plan = ClusterPlan.From(options);
            return Run(plan, options.Flag("json"), options.Flag("histogram")).GetAwaiter().GetResult();
        }
        catch (UsageException cause)
        {
            Console.Error.WriteLine($"{cause.Message} Nothing was run.");
            return 2;
        }
        catch (Exception cause) when (cause is IOException or SocketException or KvConnectException)
        {
            Console.Error.WriteLine($"The run ended early: {cause.Message} Is the cluster up (./kv status)?");
            return 1;
        }
    }

    private static async Task<int> Run(ClusterPlan plan, bool asJson, bool withHistogram)
    {
        await using var doors = await LoadDoors.Open(plan);
        if (plan.Load) await ClusterRun.Load(plan);
        var zeta = KeyChooser.Zeta(plan.Keys);
        var machine = MachineFacts.Collect();
        if (!asJson)
        {
            Console.Write($"{plan.DoorName}, mix {plan.Mix} ({plan.ReadShare} % reads), {(plan.IsZipfian ? "zipfian" : "uniform")}, "
                + $"{plan.Keys:n0} keys of 16 B, values of {plan.ValueBytes} B, {plan.Length.TotalSeconds} s a run; "
                + $"{machine["cpu"]}, {machine["processors"]} processors, "
                + $"{machine["dotnet"]}, {plan.Endpoints.Count} nodes and this load on the same machine\n\n{ClusterResult.TableHead}");
        }
        var results = new JsonArray();
        var histograms = new List<string>();
        foreach (var connections in plan.Connections)
        {
            var result = await new ClusterRun(plan, doors, connections, zeta).Measure();
            histograms.Add(result.HistogramLines());
            if (asJson) results.Add(result.ToJson());
            else Console.Write(result.TableLine());
        }
        if (withHistogram && !asJson) Console.Write(string.Concat(histograms));
        if (asJson) Console.WriteLine(Report(plan, machine, results).ToJsonString());
        return 0;
    }

    private static JsonObject Report(ClusterPlan plan, JsonObject machine, JsonArray results) => new()
    {
        ["benchmark"] = "cluster",
        ["machine"] = machine,
        ["options"] = new JsonObject
        {
            ["door"] = plan.DoorName,
            ["mix"] = plan.Mix,
            ["zipfian"] = plan.IsZipfian,
            ["keys"] = plan.Keys,
            ["valueBytes"] = plan.ValueBytes,
            ["rate"] = plan.Rate,
            ["nodes"] = plan.Endpoints.Count,
        },
        ["results"] = results,
    };
}
