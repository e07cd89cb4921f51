using KvStore.Core.Tests.Checking;
using Xunit.Abstractions;

namespace KvStore.EndToEnd;

/// <summary>Strong keys in five node processes, of which one is killed by -9, one stands still for a while, and which are then divided two to three.</summary>
public sealed class StrongBucketSpec(ITestOutputHelper output)
{
    private const string Bucket = "strong";
    private const int Keys = 4;
    private static readonly int Swaps = TestLength.Of(50, 1_000);

    [Fact]
    public async Task What_clients_were_told_through_a_kill_a_pause_and_a_split_is_linearizable()
    {
        await using var group = await NodeGroup.Up(nodes: 5, TestPorts.OffsetOf(nameof(StrongBucketSpec)), "kv-store.timeouts.request = 2s", cuttable: true);
        await group[1].Door.Put($"buckets/{Bucket}?policy=strong");
        foreach (var node in group.Nodes) await UntilItKnowsTheBucket(node);

        using var clients = RegisterClients.Start([.. group.Nodes.Select(node => node.Ports.Resp)], Bucket, Keys);
        await clients.Go(Swaps);
        await group[3].Kill();
        await clients.Go(Swaps);
        await group.Restart(3);
        await clients.Go(Swaps);
        await group[4].Pause();
        await clients.Go(Swaps);
        await group[4].Resume();
        await clients.Go(Swaps);
        group.Lines!.Split([1, 2], [3, 4, 5]);
        await clients.Go(Swaps);
        group.Lines.Heal();
        await clients.Go(Swaps);

        await AssertLinearizable(clients);
    }

    [Fact]
    public async Task What_clients_were_told_while_a_node_joins_and_another_leaves_is_linearizable()
    {
        const string settings = "kv-store.timeouts.request = 2s";
        await using var group = await NodeGroup.Up(nodes: 3, TestPorts.OffsetOf(nameof(StrongBucketSpec)), settings);
        await group[1].Door.Put($"buckets/{Bucket}?policy=strong");
        foreach (var node in group.Nodes) await UntilItKnowsTheBucket(node);

        using var clients = RegisterClients.Start([group[1].Ports.Resp, group[3].Ports.Resp], Bucket, Keys);
        await clients.Go(Swaps);
        var fourth = group.Join(settings);
        await RingChanges.UntilStaged(group[1].Door);
        await RingChanges.Commit(group[1].Door);
        await fourth.UntilReady();
        await RingChanges.UntilSettled(group[1].Door);
        await clients.Go(Swaps);
        await group[1].Door.Post($"ring/leave?id={NodeGroup.IdOf(2)}");
        await RingChanges.Commit(group[1].Door);
        await RingChanges.UntilSettled(group[1].Door);
        await group[2].Ended();
        await clients.Go(Swaps);

        await AssertLinearizable(clients);
    }

    private async Task AssertLinearizable(RegisterClients clients)
    {
        foreach (var (key, history) in (await clients.Stop()).Index())
        {
            output.WriteLine($"register-{key}: {history.Count} calls, {history.Count(call => call.Kind == CallKind.CompareAndSet)} compare-and-sets, "
                + $"{history.Count(call => call.IsUnknown)} of unknown outcome");
            Assert.Equal(LinearizabilityVerdict.Linearizable, WglChecker.Check(history));
            var after = history.Where(call => !call.IsUnknown).Max(call => call.Returned) + 1;
            Assert.Equal(LinearizabilityVerdict.Violation, WglChecker.Check(history.Append(RegisterCall.Read(after, after, observed: 0))));
        }
    }

    private static Task UntilItKnowsTheBucket(RealNode node) => Waiting.Until(
        async () =>
        {
            using var connection = await RespClient.Connect(node.Ports.Resp);
            return (await connection.Ask("KV.GET", "none", "BUCKET", Bucket)).Error is null;
        },
        "every node knows the bucket");
}
