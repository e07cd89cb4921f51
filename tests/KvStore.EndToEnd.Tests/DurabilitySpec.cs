namespace KvStore.EndToEnd;

/// <summary>Three node processes and their disks: what is acknowledged outlives every process.</summary>
public sealed class DurabilitySpec : IAsyncLifetime
{
    private const int Keys = 60;
    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(DurabilitySpec)));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_kill_9_of_all_nodes_and_the_nodes_hold_the_same()
    {
        for (var i = 0; i < Keys; i++) Assert.Equal("OK", await _cluster.Redis(1 + i % 3, "SET", $"k{i}", $"v{i}"));
        Assert.Equal("1", await _cluster.Redis(2, "DEL", "k0"));
        for (var node = 1; node <= 3; node++) await _cluster.Kill(node);

        await _cluster.Up();
        Assert.Equal("", await _cluster.Redis(1, "GET", "k0"));
        for (var i = 1; i < Keys; i++) Assert.Equal($"v{i}", await _cluster.Redis(1 + (i + 1) % 3, "GET", $"k{i}"));
        Assert.Contains("after a stop that was not clean", _cluster.Log(1), StringComparison.Ordinal);

        Assert.Equal(0, (await _cluster.Kv("down")).ExitCode);
        var dumps = new[] { await Dump(1), await Dump(2), await Dump(3) };
        Assert.Equal(Keys + 1, dumps[0].Split('\n').Length);
        Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));

        await _cluster.Up();
        for (var i = 1; i < Keys; i++) Assert.Equal($"v{i}", await _cluster.Redis(1 + i % 3, "GET", $"k{i}"));
        Assert.Contains("after a clean stop", _cluster.Log(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_another_node_is_refused_and_so_is_one_that_is_in_use()
    {
        var inUse = await Programs.Kv("dump", _cluster.DataOf(1));
        Assert.Equal(1, inUse.ExitCode);
        Assert.Contains("is locked by another process", inUse.Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await _cluster.Kv("down")).ExitCode);
        Directory.Delete(_cluster.DataOf(1), recursive: true);
        Directory.Move(_cluster.DataOf(2), _cluster.DataOf(1));
        var up = await _cluster.Kv("up", "--detach");
        Assert.Equal(1, up.ExitCode);
        Assert.Contains("holds the data of node", up.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_lost_its_disk_does_not_start_and_the_others_go_on()
    {
        for (var i = 0; i < 10; i++) Assert.Equal("OK", await _cluster.Redis(1, "SET", $"k{i}", $"v{i}"));
        await _cluster.Kill(3);
        Directory.Delete(_cluster.DataOf(3), recursive: true);
        var up = await _cluster.Kv("up", "--detach");
        Assert.Equal(1, up.ExitCode);
        Assert.Contains("it has lost its data", up.Errors, StringComparison.Ordinal);
        for (var i = 0; i < 10; i++) Assert.Equal($"v{i}", await _cluster.Redis(1 + i % 2, "GET", $"k{i}"));

        // What ran before is still known, and stopped with the rest.
        Assert.All((int[])[1, 2], node => Assert.NotEqual(0, _cluster.Pid(node)));
        Assert.StartsWith("2 nodes stopped", (await _cluster.Kv("down")).Output, StringComparison.Ordinal);
    }

    private async Task<string> Dump(int node)
    {
        var dump = await Programs.Kv("dump", _cluster.DataOf(node));
        Assert.True(dump.ExitCode == 0, dump.Errors);
        return dump.Output;
    }
}
