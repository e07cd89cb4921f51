using System.Diagnostics;
using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>Each request is an actor of its own, and travels: what the nodes count is compared with what was asked of them.</summary>
public sealed class TravellingSpec
{
    private static readonly int Requests = TestLength.Of(500, 20_000);

    /// <summary>What nodes say to each other without being asked for anything, as seldom as may be.</summary>
    private const string Quiet = """
        kv-store.timeouts { gossip-interval = 1m, hedge = 1s }
        kv-store.anti-entropy { interval = 7d, reap-interval = 7d }
        """;

    [Fact]
    public async Task A_write_is_one_child_and_goes_to_both_replicas_elsewhere_and_a_read_is_one_child_and_asks_one_of_them()
    {
        await using var group = await NodeGroup.Up(nodes: 3, TestPorts.OffsetOf(nameof(TravellingSpec)), Quiet);
        using var connection = await RespClient.Connect(group[1].Ports.Resp);
        var before = await Figures.Of(group);
        for (var i = 0; i < Requests; i++) Assert.Equal("OK", (await connection.Ask("SET", $"k{i}", "v")).Text);
        var written = await Figures.Of(group);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Requests; i++) Assert.Equal("v", (await connection.Ask("GET", $"k{i}")).Text);
        var read = await Figures.Of(group);

        Assert.Equal((Requests, Requests), (written.Children - before.Children, read.Children - written.Children));
        // A question and an answer for each of the two; it goes to the key's first primary besides, where another node was asked.
        Assert.InRange(written.Items - before.Items, 4 * Requests, 6 * Requests);
        // And what the last writes had on their way still; and each node gossips with both others once a minute, in three steps.
        var gossip = 18 * (1 + (int)Stopwatch.GetElapsedTime(began).TotalMinutes);
        Assert.InRange(read.Items - written.Items, 2 * Requests, 2 * Requests + 6 + gossip);
        // One request at a time: nothing to gather. A batch that nothing goes back for is acknowledged by a message of its own.
        Assert.InRange(written.Messages - before.Messages, 4 * Requests, 2 * 6 * Requests);
        Assert.InRange(read.Messages - written.Messages, 2 * Requests, 2 * 2 * Requests);
    }

    [Fact]
    public async Task What_the_benchmark_prints_is_what_the_nodes_have_done()
    {
        const int keys = 200;
        await using var group = await NodeGroup.Up(nodes: 3, TestPorts.OffsetOf(nameof(TravellingSpec)), Quiet);
        var before = await Figures.Of(group);
        var ended = await Programs.Bench("cluster", "--endpoints", string.Join(',', group.Nodes.Select(node => $"127.0.0.1:{node.Ports.Resp}")),
            "--mix", "a", "--keys", $"{keys}", "--connections", "4", "--seconds", "1", "--warmup", "0", "--json");
        var after = await Figures.Of(group);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        var result = JsonDocument.Parse(ended.Output).RootElement.GetProperty("results")[0];
        var operations = result.GetProperty("reads").GetProperty("count").GetInt64() + result.GetProperty("writes").GetProperty("count").GetInt64();
        Assert.Empty(result.GetProperty("failures").EnumerateObject());
        Assert.Equal(operations, Total("childrenPerOperation"));
        Assert.Equal(keys + operations, after.Children - before.Children);
        // What is still on its way at the end of the load, or of the run, is counted after it.
        Assert.InRange(Total("remoteItemsPerOperation"), 2 * operations, after.Items - before.Items);
        Assert.InRange(Total("remoteMessagesPerOperation"), operations / 2, after.Messages - before.Messages);

        long Total(string perOperation) => (long)Math.Round(result.GetProperty(perOperation).GetDouble() * operations);
    }

    private sealed record Figures(long Children, long Messages, long Items)
    {
        public static async Task<Figures> Of(NodeGroup group)
        {
            var all = new Figures(0, 0, 0);
            foreach (var node in group.Nodes)
            {
                using var connection = await RespClient.Connect(node.Ports.Resp);
                var info = (await connection.Ask("INFO")).Text!;
                all = new Figures(all.Children + Figure(info, "requests_started"), all.Messages + Figure(info, "remote_messages"),
                    all.Items + Figure(info, "remote_items"));
            }
            return all;
        }

        private static long Figure(string info, string name) =>
            long.Parse(info.Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split(':')[1].Trim());
    }
}
