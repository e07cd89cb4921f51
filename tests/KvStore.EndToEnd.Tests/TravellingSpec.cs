namespace KvStore.EndToEnd;

/// <summary>What requests are made of, counted on real nodes: a child actor for each, and every question to a replica on another node by remoting.</summary>
public sealed class TravellingSpec
{
    private static readonly int Requests = TestLength.Of(500, 20_000);

    /// <summary>What nodes say to each other without being asked for anything, as seldom as may be.</summary>
    private const string Quiet = """
        kv-store.timeouts.gossip-interval = 1m
        kv-store.anti-entropy { interval = 7d, reap-interval = 7d }
        """;

    [Fact]
    public async Task Each_request_is_one_child_and_asks_the_two_replicas_that_are_elsewhere()
    {
        await using var group = await NodeGroup.Up(nodes: 3, portOffset: 21_000, Quiet);
        using var connection = await RespClient.Connect(group[1].Ports.Resp);
        var before = await Figures(group);
        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal("OK", (await connection.Ask("SET", $"k{i}", "v")).Text);
            Assert.Equal("v", (await connection.Ask("GET", $"k{i}")).Text);
        }
        var after = await Figures(group);

        Assert.Equal(2 * Requests, after.Children - before.Children);
        // A question and an answer for each of the two; a write goes to the key's first primary besides, where another node was asked.
        Assert.InRange(after.Items - before.Items, 4 * 2 * Requests, 6 * 2 * Requests);
        // One request at a time: nothing to gather. A batch that nothing goes back for is acknowledged by a message of its own.
        Assert.InRange(after.Messages - before.Messages, 4 * 2 * Requests, 2 * 6 * 2 * Requests);
    }

    private static async Task<(long Children, long Messages, long Items)> Figures(NodeGroup group)
    {
        long children = 0, messages = 0, items = 0;
        foreach (var node in group.Nodes)
        {
            using var connection = await RespClient.Connect(node.Ports.Resp);
            var info = (await connection.Ask("INFO")).Text!;
            children += Figure(info, "requests_started");
            messages += Figure(info, "remote_messages");
            items += Figure(info, "remote_items");
        }
        return (children, messages, items);
    }

    private static long Figure(string info, string name) =>
        long.Parse(info.Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split(':')[1].Trim());
}
