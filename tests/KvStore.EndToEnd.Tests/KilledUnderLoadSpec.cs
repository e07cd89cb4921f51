using Xunit.Abstractions;

namespace KvStore.EndToEnd;

/// <summary>One of three nodes is killed by -9 while clients read and write at a fixed rate through all of them; then it comes back.</summary>
public sealed class KilledUnderLoadSpec(ITestOutputHelper output)
{
    private static readonly int Rate = TestLength.Of(300, 1_000);
    private static readonly int Between = TestLength.Of(600, 20_000);

    /// <summary>What a request may take (hocon/reference.conf). On a machine that does nothing else a stop is under a second: docs/performance.md.</summary>
    private static readonly TimeSpan Request = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Clients_go_on_with_a_node_killed_and_nothing_acknowledged_is_missed()
    {
        await using var group = await NodeGroup.Up(nodes: 3, TestPorts.OffsetOf(nameof(KilledUnderLoadSpec)), "kv-store.quorum.sloppy = off");
        using var traffic = Traffic.Start([.. group.Nodes.Select(node => node.Ports.Resp)], Rate, keys: 400);
        await traffic.Goes(Between);
        output.WriteLine($"before: {traffic.Report()}");

        await group[3].Kill();
        await traffic.Goes(Between);
        Assert.True(traffic.LongestStop < Request, $"nobody was served for {traffic.LongestStop}");
        output.WriteLine($"with a node dead: {traffic.Report()}");

        await group.Restart(3);
        await traffic.Goes(Between);
        await traffic.Stop(group[3].Ports.Resp);
        output.WriteLine($"with it back: {traffic.Report()}");
        Assert.Empty(traffic.Violations);
        Assert.DoesNotContain(traffic.Failures.Keys, how => how is not ("connection" or "TRYAGAIN" or "UNKNOWN"));
        await Waiting.UntilHintsAreDelivered(group.Doors);
        await Waiting.UntilTreesAreEqual(group.Doors);
    }
}
