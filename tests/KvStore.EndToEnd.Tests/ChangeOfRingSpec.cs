namespace KvStore.EndToEnd;

/// <summary>Three node processes and a fourth that joins them: partitions move while requests go on, and nothing is lost.</summary>
public sealed class ChangeOfRingSpec : IAsyncLifetime
{
    private const int Keys = 120;
    private RealCluster _cluster = null!;
    private RealNode? _joiner;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(ChangeOfRingSpec)));

    public async Task DisposeAsync()
    {
        if (_joiner is not null) await _joiner.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_fourth_node_takes_its_share_while_requests_go_on()
    {
        for (var i = 0; i < Keys; i++) Assert.Equal("OK", await _cluster.Redis(1 + i % 3, "SET", $"k{i}", $"v{i}"));
        _joiner = _cluster.Newcomer(4);
        _joiner.Start();
        await RingChanges.UntilStaged(_cluster.Door(1));

        var plan = await RingChanges.Commit(_cluster.Door(1));
        Assert.Equal(64, plan.GetProperty("owners_changed").GetInt32());
        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal("OK", await _cluster.Redis(1 + i % 3, "SET", $"w{i}", $"x{i}"));
            Assert.Equal($"v{i}", await _cluster.Redis(1 + i % 3, "GET", $"k{i}"));
        }

        await RingChanges.UntilSettled(_cluster.Door(1));
        await _joiner.UntilReady();
        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal($"v{i}", await _cluster.Redis(4, "GET", $"k{i}"));
            Assert.Equal($"x{i}", await _cluster.Redis(4, "GET", $"w{i}"));
        }
        var ring = await _cluster.Door(1).Get("ring");
        Assert.All(ring.GetProperty("members").EnumerateArray(), member => Assert.Equal(64, member.GetProperty("owns").GetInt32()));
    }
}
