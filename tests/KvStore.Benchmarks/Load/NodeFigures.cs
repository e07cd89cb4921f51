using System.Globalization;
using System.Net;

namespace KvStore.Benchmarks.Load;

/// <summary>
/// What the nodes say of themselves (INFO), all together: children started for requests, remote messages, items, processor time. Of the last
/// also each node's own, and that of this process.
/// </summary>
internal sealed record NodeFigures(long Children, long Messages, long Items, IReadOnlyList<double> CpuSeconds, double OwnCpuSeconds)
{
    public double AllCpuSeconds => CpuSeconds.Sum();

    public NodeFigures Since(NodeFigures before) => new(
        Children - before.Children, Messages - before.Messages, Items - before.Items,
        [.. CpuSeconds.Zip(before.CpuSeconds, (after, earlier) => after - earlier)], OwnCpuSeconds - before.OwnCpuSeconds);

    public static NodeFigures Read(IReadOnlyList<IPEndPoint> endpoints)
    {
        long children = 0, messages = 0, items = 0;
        var cpu = new List<double>();
        foreach (var endpoint in endpoints)
        {
            using var connection = new RespConnection(endpoint);
            var facts = connection.Info().Split("\r\n").Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
                .ToDictionary(pair => pair[0], pair => pair[1]);
            children += Number(facts, "requests_started");
            messages += Number(facts, "remote_messages");
            items += Number(facts, "remote_items");
            cpu.Add(facts.ContainsKey("cpu_milliseconds") ? Number(facts, "cpu_milliseconds") / 1000.0 : OfRedis(facts));
        }
        return new NodeFigures(children, messages, items, cpu, Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    /// <summary>A redis-server that is measured for scale says it in seconds.</summary>
    private static double OfRedis(Dictionary<string, string> facts) => Seconds(facts, "used_cpu_sys") + Seconds(facts, "used_cpu_user");

    private static double Seconds(Dictionary<string, string> facts, string name) =>
        facts.TryGetValue(name, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static long Number(Dictionary<string, string> facts, string name) =>
        facts.TryGetValue(name, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
