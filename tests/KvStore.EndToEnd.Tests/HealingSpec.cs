using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>Three node processes, one of which is away while thousands of keys are written: it gets them all when it is back.</summary>
public sealed class HealingSpec : IAsyncLifetime
{
    private static readonly int Keys = Environment.GetEnvironmentVariable("KV_TEST_LONG") is null ? 10_000 : 100_000;
    private const int Clients = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly HttpClient Http = new();
    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, portOffset: 20_400);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_a_node_missed_while_it_was_dead_is_delivered_and_all_trees_are_equal()
    {
        await Set("before", through: 1, count: 100);
        await _cluster.Kill(3);
        await Set("after", through: 1, Keys);
        Assert.InRange(await Hints(1) + await Hints(2), Keys, Keys + 200);

        var up = await _cluster.Kv("up", "--nodes", "3", "--detach");
        Assert.True(up.ExitCode == 0, $"kv up failed:\n{up.Errors}\n{up.Output}");
        await Until(async () => await Hints(1) + await Hints(2) == 0, "hints are delivered");
        for (var node = 1; node <= 3; node++) await Http.PostAsync(Url(node, "repair"), content: null);
        for (var node = 1; node <= 3; node++)
        {
            var asked = node;
            await Until(
                async () => await Status(asked, "anti-entropy") is var trees && Number(trees, "equal") == Number(trees, "pairs"),
                $"trees of node {node} are equal");
        }

        Assert.Equal(0, (await _cluster.Kv("down")).ExitCode);
        var dumps = new List<string>();
        for (var node = 1; node <= 3; node++) dumps.Add((await Programs.Kv("dump", _cluster.DataOf(node))).Output);
        Assert.Equal(Keys + 100 + 1, dumps[2].Split('\n').Length);
        Assert.All(dumps, dump => Assert.True(dump == dumps[0], "the nodes' data differ"));
    }

    private async Task Set(string prefix, int through, int count)
    {
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var commands = new StringBuilder();
            for (var i = client; i < count; i += Clients) commands.Append(CultureInfo.InvariantCulture, $"SET {prefix}-{i} value-{i}\n");
            var answers = (await Programs.Run("redis-cli", ["-p", $"{_cluster.RespPort(through)}"], commands.ToString())).Output.Split('\n');
            Assert.All(answers, answer => Assert.Equal("OK", answer));
        }));
    }

    private async Task<long> Hints(int node) => Number(await Status(node, "hints"), "hints");

    private async Task<JsonElement> Status(int node, string what) => await Http.GetFromJsonAsync<JsonElement>(Url(node, what));

    private Uri Url(int node, string what) => new($"http://127.0.0.1:{_cluster.HttpPort(node)}/v1/{what}");

    private static long Number(JsonElement status, string name) => status.GetProperty(name).GetInt64();

    private static async Task Until(Func<Task<bool>> holds, string what)
    {
        using var tooLong = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (!await holds()) Assert.True(await pace.WaitForNextTickAsync(tooLong.Token), what);
    }
}
