using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KvStore.Benchmarks.Engine;

namespace KvStore.Benchmarks.Load;

/// <summary>What came of one run.</summary>
internal sealed class ClusterResult(int connections, TimeSpan elapsed, NodeFigures nodes)
{
    private static readonly double[] Shares = [0.5, 0.9, 0.99, 0.999, 1];

    private readonly LatencyHistogram _reads = new();
    private readonly LatencyHistogram _writes = new();
    private readonly SortedDictionary<string, long> _failures = [];

    public const string TableHead =
        "connections |    ops/s | read p50 ms |  p99 | p99.9 | write p50 ms |  p99 | p99.9 | cpu us/op: nodes | load "
        + "| children/op | messages/op | items/op | failed\n"
        + "-----------:|---------:|------------:|-----:|------:|-------------:|-----:|------:|-----------------:|-----:"
        + "|------------:|------------:|---------:|-------\n";

    private long Operations => _reads.Count + _writes.Count;

    public void Add(ClusterRun.Loop loop)
    {
        _reads.Add(loop.Reads);
        _writes.Add(loop.Writes);
        foreach (var (failure, count) in loop.Failures) _failures[failure] = _failures.GetValueOrDefault(failure) + count;
    }

    public string TableLine() => string.Create(CultureInfo.InvariantCulture,
        $"{connections,11} | {Operations / elapsed.TotalSeconds,8:n0} | {Milliseconds(_reads, 0.5),11:0.00} | {Milliseconds(_reads, 0.99),4:0.0} | "
        + $"{Milliseconds(_reads, 0.999),5:0.0} | {Milliseconds(_writes, 0.5),12:0.00} | {Milliseconds(_writes, 0.99),4:0.0} | "
        + $"{Milliseconds(_writes, 0.999),5:0.0} | {PerOperation(nodes.AllCpuSeconds * 1e6),16:0} | {PerOperation(nodes.OwnCpuSeconds * 1e6),4:0} | "
        + $"{PerOperation(nodes.Children),11:0.00} | "
        + $"{PerOperation(nodes.Messages),11:0.00} | {PerOperation(nodes.Items),8:0.00} | {Failures()}\n");

    public JsonObject ToJson() => new()
    {
        ["connections"] = connections,
        ["seconds"] = elapsed.TotalSeconds,
        ["operationsPerSecond"] = Operations / elapsed.TotalSeconds,
        ["reads"] = Histogram(_reads),
        ["writes"] = Histogram(_writes),
        ["cpuMicrosecondsPerOperation"] = PerOperation(nodes.AllCpuSeconds * 1e6),
        ["cpuMicrosecondsPerOperationByNode"] = new JsonArray([.. nodes.CpuSeconds.Select(cpu => JsonValue.Create(PerOperation(cpu * 1e6)))]),
        ["loadCpuMicrosecondsPerOperation"] = PerOperation(nodes.OwnCpuSeconds * 1e6),
        ["childrenPerOperation"] = PerOperation(nodes.Children),
        ["remoteMessagesPerOperation"] = PerOperation(nodes.Messages),
        ["remoteItemsPerOperation"] = PerOperation(nodes.Items),
        ["failures"] = new JsonObject(_failures.Select(failure => KeyValuePair.Create(failure.Key, (JsonNode?)JsonValue.Create(failure.Value)))),
    };

    /// <summary>How many operations took how long, by doubling times.</summary>
    public string HistogramLines()
    {
        var all = new LatencyHistogram();
        all.Add(_reads);
        all.Add(_writes);
        var lines = new StringBuilder($"\n{connections} connections: operations by time\n");
        foreach (var (upTo, count) in all.Doublings())
            lines.Append(CultureInfo.InvariantCulture, $"{"<= " + Math.Round(upTo / 1e6, 3),12} ms | {count,9} | {Bar(count, all.Count)}\n");
        return lines.ToString();
    }

    private static string Bar(long count, long all) => new('#', (int)Math.Ceiling(60.0 * count / all));

    private static JsonObject Histogram(LatencyHistogram times)
    {
        var buckets = times.Buckets().Select(bucket => (JsonNode)new JsonArray(bucket.UpTo / 1e6, bucket.Count));
        var json = new JsonObject { ["count"] = times.Count, ["upToMsAndCount"] = new JsonArray([.. buckets]) };
        foreach (var share in Shares)
            json[share == 1 ? "maxMs" : $"p{(share * 100).ToString(CultureInfo.InvariantCulture)}Ms"] = Milliseconds(times, share);
        return json;
    }

    private static double Milliseconds(LatencyHistogram times, double share) => times.Count == 0 ? 0 : times.Percentile(share) / 1e6;

    private double PerOperation(double total) => Operations == 0 ? 0 : total / Operations;

    private string Failures() => _failures.Count == 0 ? "0" : string.Join(", ", _failures.Select(failure => $"{failure.Value} {failure.Key}"));
}
