namespace KvStore.EndToEnd;

/// <summary>The .NET client's example against real processes, of which one is killed and comes back.</summary>
public sealed class DotnetClientSpec : IAsyncLifetime
{
    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(DotnetClientSpec)));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task The_example_runs_through_any_node_with_one_killed_and_through_the_one_that_came_back()
    {
        for (var node = 1; node <= 3; node++) await Runs(Contact(node));

        await _cluster.Kill(1);
        await Runs(Contact(1), Contact(2));

        Assert.Equal(0, (await _cluster.Kv("up", "--nodes", "3", "--detach")).ExitCode);
        await Runs(Contact(1));
    }

    [Fact]
    public async Task What_the_client_writes_a_Redis_client_reads()
    {
        await Runs(Contact(2));

        Assert.Equal("", await _cluster.Redis(1, "GET", "fruit"));
        Assert.Equal("OK", await _cluster.Redis(1, "SET", "fruit", "plum"));
        Assert.Contains("fruit is apple", (await Runs(Contact(3))).Output, StringComparison.Ordinal);
    }

    private string Contact(int node) => $"127.0.0.1:{_cluster.RemotingPort(node)}";

    private static async Task<Ended> Runs(params string[] contacts)
    {
        var ended = await Programs.Example("QuickStart", contacts);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', contacts)}:\n{ended.Output}\n{ended.Errors}");
        Assert.Contains("basket has 2 siblings: bread and milk", ended.Output, StringComparison.Ordinal);
        Assert.EndsWith("fruit is Absent", ended.Output, StringComparison.Ordinal);
        return ended;
    }
}
