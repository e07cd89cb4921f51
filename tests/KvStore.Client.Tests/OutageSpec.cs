namespace KvStore.Client.Tests;

/// <summary>All nodes die and start again: none of them may form a cluster by itself, and yet they are one again.</summary>
public sealed class OutageSpec : IAsyncLifetime
{
    private readonly SmallCluster _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_client_finds_the_nodes_after_all_of_them_were_down()
    {
        await using (var before = await KvClient.ConnectAsync([_cluster.ContactPoint(0)]))
            Assert.True((await before.OverwriteAsync("fruit", "apple")).IsDone);
        for (var node = 0; node < 3; node++) await _cluster.Kill(node);

        // Two of three are a majority: they do not wait for the third.
        await _cluster.Restart(1);
        await _cluster.Restart(2);

        var patient = new KvClientOptions { ConnectTimeout = TimeSpan.FromMinutes(1) };
        await using var after = await KvClient.ConnectAsync([_cluster.ContactPoint(1)], patient);
        Assert.Equal("apple", (await after.GetAsync("fruit")).Text);
    }
}
