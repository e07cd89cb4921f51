using System.Text;
using KvStore.Client;

namespace KvStore.EndToEnd;

/// <summary>
/// Two clients write on the ground of the same context, each through another node: both values are kept. A third, who has seen both, makes one of
/// them. Through the Redis door and through the .NET client, of one cluster.
/// </summary>
public sealed class SiblingsSpec : IAsyncLifetime
{
    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(SiblingsSpec)));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Two_writes_with_one_context_are_siblings_and_one_with_both_resolves_them_by_Redis()
    {
        Assert.Equal("OK", await _cluster.Redis(1, "SET", "cart", "milk"));
        var seen = ContextOf(await _cluster.Redis(2, "KV.GET", "cart"));
        foreach (var (node, value) in ((int, string)[])[(1, "milk,eggs"), (3, "milk,tea")])
            Assert.StartsWith("context", await _cluster.Redis(node, "KV.PUT", "cart", value, "CONTEXT", seen), StringComparison.Ordinal);

        var both = await _cluster.Redis(2, "KV.GET", "cart", "R", "3");
        Assert.Equal(["milk,eggs", "milk,tea"], SiblingsOf(both).Order());
        await _cluster.Redis(2, "KV.PUT", "cart", "milk,eggs,tea", "CONTEXT", ContextOf(both));

        for (var node = 1; node <= 3; node++) Assert.Equal(["milk,eggs,tea"], SiblingsOf(await _cluster.Redis(node, "KV.GET", "cart")));
        Assert.Equal("milk,eggs,tea", await _cluster.Redis(3, "GET", "cart"));
    }

    [Fact]
    public async Task Two_writes_with_one_context_are_siblings_and_one_with_both_resolves_them_by_the_dotnet_client()
    {
        await using var anna = await KvClient.ConnectAsync([$"127.0.0.1:{_cluster.RemotingPort(1)}"]);
        await using var bert = await KvClient.ConnectAsync([$"127.0.0.1:{_cluster.RemotingPort(2)}"]);
        await using var carl = await KvClient.ConnectAsync([$"127.0.0.1:{_cluster.RemotingPort(3)}"]);
        Assert.True((await anna.OverwriteAsync("basket", "milk")).IsDone);
        var seen = await bert.GetAsync("basket");
        Assert.True((await anna.PutAsync("basket", "milk,eggs", seen.Context)).IsDone);
        Assert.True((await bert.PutAsync("basket", "milk,tea", seen.Context)).IsDone);

        var both = await carl.GetAsync("basket");
        Assert.Equal(["milk,eggs", "milk,tea"], both.Siblings.Select(value => Encoding.UTF8.GetString(value.Span)).Order());
        Assert.True((await carl.PutAsync("basket", "milk,eggs,tea", both.Context)).IsDone);

        foreach (var client in (KvClient[])[anna, bert, carl]) Assert.Equal("milk,eggs,tea", (await client.GetAsync("basket")).Text);
        Assert.Equal("milk,eggs,tea", await _cluster.Redis(2, "GET", "basket"));
    }

    private static string[] SiblingsOf(string answer) => answer.Split('\n')[1..].TakeWhile(line => line != "context").ToArray();

    private static string ContextOf(string answer)
    {
        var lines = answer.Split('\n');
        return lines[Array.IndexOf(lines, "context") + 1];
    }
}
