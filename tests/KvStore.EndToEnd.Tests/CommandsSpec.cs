using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>The commands of kv against three node processes, as a script calls them: piped, so plain lines with tabs, or --json.</summary>
public sealed class CommandsSpec(CommandsSpec.ThreeNodes nodes) : IClassFixture<CommandsSpec.ThreeNodes>
{
    private readonly RealCluster _cluster = nodes.Cluster;

    [Fact]
    public async Task What_is_put_is_got_and_what_is_deleted_is_not_there()
    {
        Assert.Equal("OK", (await Done("put", "fruit", "apple")).Output);
        Assert.Equal("apple", (await Done("get", "fruit")).Output);
        Assert.Equal("apple", await _cluster.Redis(2, "GET", "fruit"));
        await Done("delete", "fruit");
        var absent = await _cluster.Kv("get", "fruit");
        Assert.Equal((5, ""), (absent.ExitCode, absent.Output));
        Assert.Contains("not there", absent.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Siblings_are_shown_all_and_merged_by_their_context()
    {
        await Done("put", "basket", "bread", "--sibling");
        await Done("put", "basket", "milk", "--sibling");
        var both = Json(await Done("get", "basket", "--json"));
        Assert.Equal(["bread", "milk"], both.GetProperty("values").EnumerateArray().Select(value => value.GetProperty("text").GetString()).Order());
        var plain = await Done("get", "basket");
        Assert.Equal(2, plain.Output.Split('\n').Length);
        Assert.Contains("2 siblings", plain.Errors, StringComparison.Ordinal);

        var merged = Json(await Done("put", "basket", "bread, milk", "--context", both.GetProperty("context").GetString()!, "--w", "3", "--json"));
        Assert.Equal("done", merged.GetProperty("outcome").GetString());
        Assert.Equal("bread, milk", (await Done("get", "basket", "--r", "3", "--strict")).Output);
    }

    [Fact]
    public async Task A_key_and_a_value_of_any_bytes_come_through()
    {
        await Done("put", "ff00", "via hex", "--hex");
        Assert.Equal("via hex", (await Done("get", "0xff00", "--hex", "--raw")).Output);
        var location = Lines(await Done("locate", "ff00", "--hex"));
        Assert.Equal(["primary", "primary", "primary"], location.Select(line => line[2]));
    }

    [Fact]
    public async Task Locate_shows_the_preference_list_and_explain_each_copy()
    {
        await Done("put", "where", "here", "--w", "3");
        var located = Json(await Done("locate", "where", "--json"));
        var explained = Json(await Done("explain", "where", "--json"));
        Assert.Equal(located.GetProperty("partition").GetInt32(), explained.GetProperty("partition").GetInt32());
        Assert.True(explained.GetProperty("equal").GetBoolean());

        var copies = Lines(await Done("explain", "where"));
        Assert.Equal(3, copies.Count);
        Assert.All(copies, copy => Assert.Equal(("primary", "found", "here"), (copy[1], copy[2], copy[5])));
        Assert.Equal(["1", "2", "3"], copies.Select(copy => copy[0]).Order());
        Assert.Single(copies.Select(copy => copy[3]).Distinct());
    }

    [Fact]
    public async Task A_bucket_is_created_used_changed_and_dropped()
    {
        await Done("bucket", "create", "sessions", "--n", "2", "--r", "1", "--w", "2", "--ttl", "3600", "--policy", "lww");
        Assert.Equal(["sessions", "lww", "2", "1", "2"], Lines(await Done("bucket", "list")).Single(line => line[0] == "sessions")[..5]);
        await Done("put", "k", "v", "--bucket", "sessions");
        Assert.Equal("v", (await Done("get", "k", "--bucket", "sessions")).Output);
        Assert.Equal((5, ""), ((await _cluster.Kv("get", "k")).ExitCode, (await _cluster.Kv("get", "k")).Output));
        Assert.Equal(2, Lines(await Done("explain", "k", "--bucket", "sessions")).Count(copy => copy[1] == "primary"));

        Assert.Equal(1, (await _cluster.Kv("bucket", "create", "sessions")).ExitCode);
        Assert.StartsWith("changed: bucket sessions", (await Done("bucket", "change", "sessions", "--w", "1")).Output, StringComparison.Ordinal);
        Assert.Equal("1", Lines(await Done("bucket", "list")).Single(line => line[0] == "sessions")[4]);
        await Done("bucket", "drop", "sessions");
        Assert.Contains("no bucket 'sessions'", (await _cluster.Kv("bucket", "change", "sessions", "--w", "2")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_about_the_cluster_answers_in_lines_and_in_JSON()
    {
        string[] commands = ["status", "ring", "transfers", "hints", "anti-entropy", "repair", "stats"];
        foreach (var command in commands)
        {
            Assert.Equal("node", (await Done(command)).Output.Split('\n')[0].Split('\t')[0]);
            Assert.Equal(1, Json(await Done(command, "--json")).GetProperty("schema").GetInt32());
        }
        Assert.Equal(257, (await Done("ring", "--partitions")).Output.Split('\n').Length);
    }

    [Fact]
    public async Task A_node_that_is_named_by_its_address_needs_no_files()
    {
        var node = $"127.0.0.1:{_cluster.HttpPort(3)}";
        Assert.Equal(0, (await Programs.Kv("put", "by-name", "v", "--node", node)).ExitCode);
        Assert.Equal("v", (await Programs.Kv("get", "by-name", "--node", node)).Output);
        var status = await Programs.Kv("status", "--node", node);
        Assert.Equal(["up", "in reach", "in reach"], Lines(status).Select(line => line[1]));
        Assert.Equal(2, (await Programs.Kv("join", "--node", node)).ExitCode);
    }

    [Fact]
    public async Task A_change_is_staged_shown_and_forgotten_and_nothing_has_moved()
    {
        var before = (await Done("ring")).Output;
        Assert.StartsWith("staged: leave 2 (", (await Done("leave", "2")).Output, StringComparison.Ordinal);
        var twice = await _cluster.Kv("remove", "2");
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("staged change is about that node already", twice.Errors, StringComparison.Ordinal);
        await Done("clear");
        var plan = await _cluster.Kv("plan");
        Assert.Equal(1, plan.ExitCode);
        Assert.Contains("Nothing was changed; stage one", plan.Errors, StringComparison.Ordinal);
        Assert.Equal(before, (await Done("ring")).Output);
    }

    [Theory]
    [InlineData(2, "names no node here; nothing was done", "leave", "nobody")]
    [InlineData(2, "A key has 1 to 2048 bytes", "get", "")]
    [InlineData(2, "not an even number of hexadecimal digits", "get", "xyz", "--hex")]
    [InlineData(2, "with N = 3 it may be 1 to 3", "put", "k", "v", "--w", "4")]
    [InlineData(2, "--context takes the text", "put", "k", "v", "--context", "!!")]
    [InlineData(2, "A bucket name", "put", "k", "v", "--bucket", "NO")]
    [InlineData(1, "no bucket 'nowhere'", "put", "k", "v", "--bucket", "nowhere")]
    [InlineData(1, "no bucket 'nowhere'", "explain", "k", "--bucket", "nowhere")]
    [InlineData(1, "Nothing was changed", "commit")]
    [InlineData(1, "Nothing was changed", "cancel")]
    [InlineData(2, "--node takes HOST:PORT", "ring", "--node", "nonsense")]
    [InlineData(3, "nothing was done", "ring", "--node", "127.0.0.1:1")]
    [InlineData(2, "Required argument missing", "locate")]
    public async Task What_cannot_be_done_is_said_with_its_exit_code_and_changes_nothing(int exitCode, string words, params string[] arguments)
    {
        var ended = await _cluster.Kv(arguments);
        Assert.Equal((exitCode, true), (ended.ExitCode, ended.Errors.Contains(words, StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_not_the_HTTP_port_is_called_that()
    {
        var ended = await Programs.Kv("ring", "--node", $"127.0.0.1:{_cluster.RespPort(1)}");
        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("does not speak HTTP", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_command()
    {
        var help = (await Programs.Kv("help")).Output;
        string[] commands =
        [
            "up", "down", "status", "node", "ring", "locate", "explain", "put", "get", "delete", "bucket", "join", "leave", "remove", "replace", "plan",
            "commit", "cancel", "clear", "transfers", "hints", "anti-entropy", "repair", "stats", "console", "recover", "dump", "test", "bench", "sim",
        ];
        Assert.All(commands, command => Assert.Contains($"\n  {command} ", help, StringComparison.Ordinal));
        Assert.Equal(help, (await Programs.Kv("--help")).Output);
        Assert.Contains("--accept-risk", (await Programs.Kv("help", "commit")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_mistakes_in_its_settings_lists_them_all_and_does_not_start()
    {
        var folder = Directory.CreateTempSubdirectory("kv-test-settings-");
        var file = Path.Combine(folder.FullName, "n.conf");
        await File.WriteAllTextAsync(file, "kv-store {\n  quorum.r = 9\n  dors.resp.port = 1\n  doors.http.port = many\n}");
        var ended = await Programs.Kv("node", "--config", file);
        Assert.Equal(3, ended.ExitCode);
        string[] mistakes =
        [
            "n.conf:2: kv-store.quorum.r: 9 replicas", "n.conf:3: kv-store.dors.resp.port: is no setting; kv-store.doors.resp.port is",
            "n.conf:4: kv-store.doors.http.port: cannot be read", "kv-store.cluster.members: is empty", "4 mistake(s); nothing was started",
        ];
        Assert.All(mistakes, mistake => Assert.Contains(mistake, ended.Errors, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "data")));
        folder.Delete(recursive: true);
    }

    private async Task<Ended> Done(params string[] arguments)
    {
        var ended = await _cluster.Kv(arguments);
        Assert.True(ended.ExitCode == 0, $"kv {string.Join(' ', arguments)} ended with {ended.ExitCode}:\n{ended.Errors}");
        return ended;
    }

    private static JsonElement Json(Ended ended) => JsonSerializer.Deserialize<JsonElement>(ended.Output);

    /// <summary>The cells of each line after the header.</summary>
    private static List<string[]> Lines(Ended ended) => [.. ended.Output.Split('\n').Skip(1).Select(line => line.Split('\t'))];

    public sealed class ThreeNodes : IAsyncLifetime
    {
        internal RealCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(CommandsSpec)));

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
