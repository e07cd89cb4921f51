using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>Buckets of a real cluster: made, changed, emptied and dropped over HTTP, used through redis-cli.</summary>
public sealed class BucketsSpec(BucketsSpec.Cluster cluster) : IClassFixture<BucketsSpec.Cluster>, IDisposable
{
    private readonly HttpClient _http = new();

    [Fact]
    public async Task A_bucket_is_there_on_every_node_when_it_is_done_and_its_keys_go_with_it()
    {
        Assert.Equal("done", await Ask(HttpMethod.Put, 1, "lent?policy=siblings&r=1&ttl=900"));
        var shown = (await List(2)).Single(bucket => bucket.GetProperty("name").GetString() == "lent");
        Assert.Equal((3, 1, 2, 900), (shown.GetProperty("n").GetInt32(), shown.GetProperty("r").GetInt32(), shown.GetProperty("w").GetInt32(),
            shown.GetProperty("ttl_seconds").GetInt32()));
        for (var i = 0; i < 30; i++)
            Assert.Contains("primaries", await Redis(1 + i % 3, "KV.PUT", $"k{i}", $"v{i}", "BUCKET", "lent"), StringComparison.Ordinal);

        Assert.Equal("done", await Ask(HttpMethod.Delete, 2, "lent"));
        Assert.StartsWith("ERR there is no bucket 'lent'", await Redis(3, "KV.GET", "k1", "BUCKET", "lent"), StringComparison.Ordinal);
        Assert.Equal("done", await Ask(HttpMethod.Put, 3, "lent"));
        for (var i = 0; i < 30; i++) Assert.Equal("siblings\n\ncontext", Head(await Redis(1 + i % 3, "KV.GET", $"k{i}", "BUCKET", "lent")));
        Assert.Contains("primaries", await Redis(1, "KV.PUT", "k1", "new", "BUCKET", "lent"), StringComparison.Ordinal);
        Assert.Equal("siblings\nnew\ncontext", Head(await Redis(2, "KV.GET", "k1", "BUCKET", "lent")));
    }

    [Fact]
    public async Task What_a_killed_node_holds_of_a_dropped_bucket_does_not_come_back_with_it()
    {
        Assert.Equal("done", await Ask(HttpMethod.Put, 1, "gone"));
        Assert.Equal("done", await Ask(HttpMethod.Put, 1, "locks?policy=strong"));
        for (var i = 0; i < 20; i++)
        {
            await Redis(1, "KV.PUT", $"k{i}", "old", "BUCKET", "gone");
            await Redis(1, "KV.PUT", $"k{i}", "old", "BUCKET", "locks");
        }
        await cluster.Value.Kill(3);
        foreach (var bucket in (string[])["gone", "locks"]) Assert.Equal("done", await Ask(HttpMethod.Delete, 1, bucket));
        Assert.Equal("done", await Ask(HttpMethod.Put, 1, "gone"));
        Assert.Equal("done", await Ask(HttpMethod.Put, 1, "locks?policy=strong"));
        Assert.Contains("primaries", await Redis(1, "KV.PUT", "k0", "new", "BUCKET", "gone"), StringComparison.Ordinal);

        Assert.Equal(0, (await cluster.Value.Kv("up", "--nodes", "3", "--detach")).ExitCode);
        for (var i = 1; i < 20; i++)
        {
            Assert.Equal("siblings\n\ncontext", Head(await Redis(3, "KV.GET", $"k{i}", "BUCKET", "gone", "R", "3", "STRICT", "MONOTONIC")));
            Assert.Equal("value\n\nversion\n0", await Redis(3, "KV.GET", $"k{i}", "BUCKET", "locks"));
        }
        Assert.Equal("siblings\nnew\ncontext", Head(await Redis(3, "KV.GET", "k0", "BUCKET", "gone")));
        foreach (var bucket in (string[])["gone", "locks"]) Assert.Equal("done", await Ask(HttpMethod.Delete, 2, bucket));
    }

    [Theory]
    [InlineData("PUT", "default?n=2", "refused", "N of 'default' is 3 and cannot become 2. Nothing was changed.")]
    [InlineData("PUT", "default?policy=lww", "refused", "The policy of 'default' is siblings and cannot become lww. Nothing was changed.")]
    [InlineData("PUT", "other?n=4", "refused", "N is 4; this cluster keeps at most 3 copies. Nothing was changed.")]
    [InlineData("PUT", "other?w=x", "refused", "w is a number; 'x' is none. Nothing was changed.")]
    [InlineData("PUT", "kv.own", "refused", "'kv.own' begins with 'kv.'")]
    [InlineData("PUT", "Other", "refused", "A bucket name begins with a lower-case letter or a digit. Nothing was changed.")]
    [InlineData("DELETE", "default", "refused", "The default bucket cannot be dropped. Nothing was changed.")]
    [InlineData("DELETE", "nosuch", "refused", "There is no bucket 'nosuch'. Nothing was changed.")]
    public async Task What_may_not_be_is_refused_in_words(string method, string request, string outcome, string words)
    {
        var before = await List(1);
        using var response = await Send(new HttpMethod(method), 1, request);
        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Conflict, HttpStatusCode.BadRequest]);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(outcome, answer.GetProperty("outcome").GetString());
        Assert.StartsWith(words, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(before.Select(bucket => bucket.ToString()), (await List(1)).Select(bucket => bucket.ToString()));
    }

    public void Dispose() => _http.Dispose();

    private Task<string> Redis(int node, params string[] command) => cluster.Value.Redis(node, command);

    private async Task<string?> Ask(HttpMethod method, int node, string request)
    {
        using var response = await Send(method, node, request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString();
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, int node, string request)
    {
        using var message = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{cluster.Value.HttpPort(node)}/v1/buckets/{request}"));
        return await _http.SendAsync(message);
    }

    private async Task<IReadOnlyList<JsonElement>> List(int node)
    {
        var all = await _http.GetFromJsonAsync<JsonElement>(new Uri($"http://127.0.0.1:{cluster.Value.HttpPort(node)}/v1/buckets"));
        return [.. all.GetProperty("buckets").EnumerateArray()];
    }

    private static string Head(string answer) => string.Join('\n', answer.Split('\n')[..3]);

    /// <summary>Three nodes for all tests of the class.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        internal RealCluster Value { get; private set; } = null!;

        public async Task InitializeAsync() => Value = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(BucketsSpec)));

        public async Task DisposeAsync() => await Value.DisposeAsync();
    }
}
