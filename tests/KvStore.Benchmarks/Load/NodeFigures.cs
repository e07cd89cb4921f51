using System.Globalization;
using System.Net;

namespace KvStore.Benchmarks.Load;

/// <summary>What the nodes say of themselves (INFO), all together: children started for requests, remote messages, items, processor time.</summary>
internal sealed record NodeFigures(long Children, long Messages, long Items, double CpuSeconds)
{
    public NodeFigures Since(NodeFigures before) =>
        new(Children - before.Children, Messages - before.Messages, Items - before.Items, CpuSeconds - before.CpuSeconds);

    public static async Task<NodeFigures> Read(IReadOnlyList<IPEndPoint> endpoints)
    {
        var sum = new NodeFigures(0, 0, 0, 0);
        foreach (var endpoint in endpoints)
        {
            using var connection = new RespConnection(endpoint);
            var facts = (await connection.Info()).Split("\r\n").Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
                .ToDictionary(pair => pair[0], pair => pair[1]);
            sum = new NodeFigures(
                sum.Children + Number(facts, "requests_started"), sum.Messages + Number(facts, "remote_messages"),
                sum.Items + Number(facts, "remote_items"), sum.CpuSeconds + Number(facts, "cpu_milliseconds") / 1000.0);
        }
        return sum;
    }

    private static long Number(Dictionary<string, string> facts, string name) =>
        facts.TryGetValue(name, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
