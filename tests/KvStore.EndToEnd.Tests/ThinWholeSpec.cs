using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>Three node processes, as a newcomer meets them: kv up, redis-cli, a kill, kv status, kv down.</summary>
public sealed class ThinWholeSpec : IAsyncLifetime
{
    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(ThinWholeSpec)));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_is_set_through_one_node_is_got_through_every_other()
    {
        Assert.Equal("OK", await _cluster.Redis(1, "SET", "fruit", "apple"));
        for (var node = 1; node <= 3; node++) Assert.Equal("apple", await _cluster.Redis(node, "GET", "fruit"));
        Assert.Equal("OK", await _cluster.Redis(2, "SET", "fruit", "pear"));
        Assert.Equal("pear", await _cluster.Redis(3, "GET", "fruit"));
        Assert.Equal("1", await _cluster.Redis(3, "DEL", "fruit"));
        Assert.Equal("", await _cluster.Redis(1, "GET", "fruit"));
        Assert.Equal("0", await _cluster.Redis(1, "DEL", "fruit"));
        Assert.Equal("PONG", await _cluster.Redis(1, "PING"));
    }

    [Fact]
    public async Task With_one_node_killed_reads_and_writes_go_on_and_it_comes_back()
    {
        for (var i = 0; i < 20; i++) Assert.Equal("OK", await _cluster.Redis(1 + i % 3, "SET", $"k{i}", $"before{i}"));
        await _cluster.Kill(3);

        for (var i = 0; i < 20; i++) Assert.Equal($"before{i}", await _cluster.Redis(1 + i % 2, "GET", $"k{i}"));
        for (var i = 0; i < 20; i++) Assert.Equal("OK", await _cluster.Redis(1 + i % 2, "SET", $"k{i}", $"after{i}"));
        for (var i = 0; i < 20; i++) Assert.Equal($"after{i}", await _cluster.Redis(1 + (i + 1) % 2, "GET", $"k{i}"));

        var status = await _cluster.Kv("status");
        Assert.Equal(1, status.ExitCode);
        Assert.Equal(["up", "up", "down"], status.Output.Split('\n')[1..].Select(line => line.Split('\t')[1]));

        Assert.Equal(0, (await _cluster.Kv("up", "--nodes", "3", "--detach")).ExitCode);
        Assert.Equal(0, (await _cluster.Kv("status")).ExitCode);
        for (var i = 0; i < 20; i++) Assert.Equal($"after{i}", await _cluster.Redis(3, "GET", $"k{i}"));
    }

    [Fact]
    public async Task A_node_says_who_it_is_and_what_it_stands_on()
    {
        using var http = new HttpClient();
        var status = await http.GetFromJsonAsync<JsonElement>(new Uri($"http://127.0.0.1:{_cluster.HttpPort(2)}/v1/status"));
        Assert.Equal($"akka.tcp://kv@127.0.0.1:{_cluster.RemotingPort(2)}", status.GetProperty("address").GetString());
        Assert.Contains($"/artifacts/{status.GetProperty("runtime").GetString()}/", AppContext.BaseDirectory, StringComparison.Ordinal);
        Assert.Equal(3, status.GetProperty("members").GetArrayLength());
    }

    [Fact]
    public void No_thread_of_a_node_interrupts_another_only_because_it_is_ready()
    {
        const int policyAfterName = 38, batch = 3;
        var threads = Directory.GetDirectories($"/proc/{_cluster.Pid(1)}/task")
            .Select(thread => File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[^1].Split(' ')).ToList();
        Assert.InRange(threads.Count, 5, 200);
        Assert.All(threads, stat => Assert.Equal($"{batch}", stat[policyAfterName]));
    }

    [Fact]
    public async Task A_node_shows_what_it_counts_as_Prometheus_text()
    {
        await _cluster.Redis(1, "SET", "counted", "v");
        var text = await Metrics(1) + await Metrics(2) + await Metrics(3);
        Assert.Contains("kv_resp_command_duration_seconds_count{otel_scope_name=\"KvStore.Doors\",command=\"SET\"}", text, StringComparison.Ordinal);
        Assert.Contains("kind=\"put\",outcome=\"done\"", text, StringComparison.Ordinal);
        Assert.Matches("kv_members_unreachable.*} 0", text);
    }

    /// <summary>What has happened to nobody yet has no line; so this looks the other way, from what is shown to what is told.</summary>
    [Fact]
    public async Task Every_figure_that_a_node_shows_is_told_of_in_the_manual()
    {
        Assert.Equal("OK", await _cluster.Redis(1, "SET", "shown", "v"));
        Assert.Equal("v", await _cluster.Redis(1, "GET", "shown"));
        var text = await Metrics(1);
        var manual = await File.ReadAllTextAsync(Path.Combine(Programs.Root, "docs", "operating.md"));
        var shown = text.Split('\n').Where(line => line.StartsWith("# TYPE kv_", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Contains("kv_requests_duration_seconds", shown);
        Assert.Contains("kv_ring_epoch", shown);
        Assert.All(shown, name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal));
    }

    private async Task<string> Metrics(int node)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{_cluster.HttpPort(node)}/metrics"));
    }

    [Fact]
    public async Task What_is_no_request_is_answered_clearly_and_changes_nothing()
    {
        var long2K = new string('k', 2049);
        Assert.StartsWith("ERR unknown command 'NOSUCH'", await _cluster.Redis(1, "NOSUCH", "x"), StringComparison.Ordinal);
        Assert.Equal("ERR wrong number of arguments for 'get' command", await _cluster.Redis(1, "GET"));
        Assert.StartsWith("ERR A key has 1 to 2048 bytes", await _cluster.Redis(1, "SET", long2K, "v"), StringComparison.Ordinal);
        Assert.StartsWith("ERR A key has 1 to 2048 bytes", await _cluster.Redis(1, "GET", ""), StringComparison.Ordinal);

        var largest = new string('v', 1024 * 1024);
        Assert.Equal("OK", await SetFromInput("big", largest));
        Assert.Equal(largest, await _cluster.Redis(2, "GET", "big"));
        Assert.StartsWith("ERR the value has 1048577 bytes", await SetFromInput("big", largest + "v"), StringComparison.Ordinal);
        Assert.Equal(largest, await _cluster.Redis(3, "GET", "big"));
    }

    [Theory]
    [InlineData("*1\r\n$99999999999\r\n")]
    [InlineData("*99999999\r\n")]
    [InlineData("*1\r\n+PING\r\n")]
    public async Task Bytes_that_are_no_RESP_are_answered_once_and_the_connection_is_closed(string bytes)
    {
        using var client = new TcpClient("127.0.0.1", _cluster.RespPort(1));
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("-ERR Protocol error", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("PONG", await _cluster.Redis(1, "PING"));
    }

    [Fact]
    public async Task Kv_up_on_a_cluster_that_is_up_changes_nothing()
    {
        var pids = Pids();
        var again = await _cluster.Kv("up", "--detach");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is up already; nothing was started", again.Errors, StringComparison.Ordinal);
        Assert.Equal(pids, Pids());
    }

    /// <summary>A value too long for a command line.</summary>
    private async Task<string> SetFromInput(string key, string value) =>
        (await Programs.Run("redis-cli", ["-p", $"{_cluster.RespPort(1)}", "-x", "SET", key], value)).Output;

    private int[] Pids() => [.. Enumerable.Range(1, 3).Select(_cluster.Pid)];
}
