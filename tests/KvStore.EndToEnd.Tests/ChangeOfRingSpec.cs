using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>Three node processes and a fourth that joins them: partitions move while requests go on, and nothing is lost.</summary>
public sealed class ChangeOfRingSpec : IAsyncLifetime
{
    private const int Keys = 120;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly HttpClient Http = new();
    private RealCluster _cluster = null!;
    private JoiningNode? _joiner;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, portOffset: 20_500);

    public async Task DisposeAsync()
    {
        if (_joiner is not null) await _joiner.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_fourth_node_takes_its_share_while_requests_go_on()
    {
        for (var i = 0; i < Keys; i++) Assert.Equal("OK", await _cluster.Redis(1 + i % 3, "SET", $"k{i}", $"v{i}"));
        _joiner = JoiningNode.Start(_cluster);
        await Until(ring => ring.GetProperty("staged").GetArrayLength() == 1);

        var plan = await Http.GetFromJsonAsync<JsonElement>(Url("ring/plan"));
        Assert.Equal(64, plan.GetProperty("owners_changed").GetInt32());
        using var commit = await Http.PostAsync(Url("ring/commit"), null);
        Assert.True(commit.IsSuccessStatusCode, await commit.Content.ReadAsStringAsync());
        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal("OK", await _cluster.Redis(1 + i % 3, "SET", $"w{i}", $"x{i}"));
            Assert.Equal($"v{i}", await _cluster.Redis(1 + i % 3, "GET", $"k{i}"));
        }

        await Until(ring => !ring.GetProperty("changing").GetBoolean());
        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal($"v{i}", await _cluster.Redis(4, "GET", $"k{i}"));
            Assert.Equal($"x{i}", await _cluster.Redis(4, "GET", $"w{i}"));
        }
        var ring = await Http.GetFromJsonAsync<JsonElement>(Url("ring"));
        Assert.All(ring.GetProperty("members").EnumerateArray(), member => Assert.Equal(64, member.GetProperty("owns").GetInt32()));
    }

    private string Url(string path) => $"http://127.0.0.1:{_cluster.HttpPort(1)}/v1/{path}";

    private async Task Until(Func<JsonElement, bool> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo(await Http.GetFromJsonAsync<JsonElement>(Url("ring"))))
        {
            Assert.True(waited.Elapsed < Patience, $"the ring did not get there in {Patience.TotalSeconds} s");
            Assert.Equal("PONG", await _cluster.Redis(2, "PING"));
        }
    }

    /// <summary>A node process that is no founder.</summary>
    private sealed class JoiningNode(Process process, string directory) : IAsyncDisposable
    {
        private const int Number = 4;

        public static JoiningNode Start(RealCluster cluster)
        {
            var directory = Directory.CreateTempSubdirectory("kv-test-joiner-").FullName;
            var config = Path.Combine(directory, "node.conf");
            File.WriteAllText(config, $$"""
                kv-store {
                  cluster.seeds = ["127.0.0.1:{{cluster.RemotingPort(1)}}"]
                  doors { resp.port = {{cluster.RespPort(Number)}}, http.port = {{cluster.HttpPort(Number)}} }
                }
                akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{cluster.RemotingPort(Number)}} }
                """);
            var start = new ProcessStartInfo("dotnet", [Programs.Server, "--config", config])
            {
                WorkingDirectory = directory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new JoiningNode(process, directory);
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }
}
