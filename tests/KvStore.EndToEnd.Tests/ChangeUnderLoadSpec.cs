using Xunit.Abstractions;

namespace KvStore.EndToEnd;

/// <summary>A node joins and another leaves while clients read and write at a fixed rate, R=2 and W=2 of N=3, strict.</summary>
public sealed class ChangeUnderLoadSpec(ITestOutputHelper output)
{
    private const string Strict = "kv-store.quorum.sloppy = off";
    private static readonly int Rate = TestLength.Of(200, 1_000);
    private static readonly int Between = TestLength.Of(400, 20_000);

    [Fact]
    public async Task A_node_joins_and_another_leaves_and_no_request_fails()
    {
        await using var group = await NodeGroup.Up(nodes: 3, TestPorts.OffsetOf(nameof(ChangeUnderLoadSpec)), Strict);
        using var traffic = Traffic.Start([group[1].Ports.Resp, group[3].Ports.Resp], Rate, keys: 400);
        await traffic.Goes(Between);

        var fourth = group.Join(Strict);
        await RingChanges.UntilStaged(group[1].Door);
        await RingChanges.Commit(group[1].Door);
        await fourth.UntilReady();
        await RingChanges.UntilSettled(group[1].Door);
        output.WriteLine($"after the join: {traffic.Report()}");
        await traffic.Goes(Between);

        await group[1].Door.Post($"ring/leave?id={NodeGroup.IdOf(2)}");
        await RingChanges.Commit(group[1].Door);
        await RingChanges.UntilSettled(group[1].Door);
        Assert.Equal(0, await group[2].Ended());
        output.WriteLine($"after the leave: {traffic.Report()}");
        await traffic.Goes(Between);

        await traffic.Stop(fourth.Ports.Resp);
        output.WriteLine($"at the end: {traffic.Report()}");
        Assert.Empty(traffic.Violations);
        Assert.Empty(traffic.Failures);
        await Waiting.UntilTreesAreEqual(group.Doors);
    }
}
