namespace KvStore.EndToEnd;

/// <summary>The operators' console of real nodes, with kv console as people and scripts use it.</summary>
public sealed class ConsoleSpec(ConsoleSpec.ThreeNodes nodes) : IClassFixture<ConsoleSpec.ThreeNodes>
{
    private readonly RealCluster _cluster = nodes.Cluster;

    [Fact]
    public async Task One_command_shows_the_cluster_and_says_whether_it_was_done()
    {
        // A node serves as soon as the ring is there; the actor systems' cluster takes its members in when it comes to it.
        await Waiting.Until(
            async () => (await Programs.Kv("console", Place(2), "cluster", "show", "-s", "up")).Output.EndsWith("Count: 3 nodes", StringComparison.Ordinal),
            "three members are up");
        var shown = await Programs.Kv("console", Place(2), "cluster", "show");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Errors));
        var members = Enumerable.Range(1, 3).Select(node => $"akka.tcp://kv@127.0.0.1:{_cluster.RemotingPort(node)} | [] | up |  | 0.0.0");
        Assert.Equal([.. members, "Count: 3 nodes"], shown.Output.Split('\n'));

        var status = await _cluster.Kv("console", "kv", "status");
        Assert.Contains($"akka.tcp://kv@127.0.0.1:{_cluster.RemotingPort(1)}", status.Output, StringComparison.Ordinal);
        var located = await Programs.Kv("console", Place(3), "kv", "locate", "-k", "two words");
        Assert.Contains("two words", located.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_from_a_pipe_are_obeyed_until_exit()
    {
        var file = Path.GetTempFileName();
        var typed = $"help kv locate\nkv buckets\nkv locate -k fruit > {file}\nexit\nkv nonsense\n";
        var ended = await Programs.Kv(typed, ["console", Place(1)]);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"connected to {Place(1)}, akka.tcp://kv@127.0.0.1:{_cluster.RemotingPort(1)}", ended.Errors, StringComparison.Ordinal);
        Assert.StartsWith("kv locate [-k KEY] [-x HEX] [-b BUCKET]", ended.Output, StringComparison.Ordinal);
        Assert.Contains("default  siblings", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fruit", ended.Output, StringComparison.Ordinal);
        Assert.StartsWith("key        fruit\n", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_line_that_fails_is_told_and_the_next_one_is_obeyed()
    {
        var ended = await Programs.Kv("kv nonsense\ncluster leader\n", ["console", Place(1)]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("There is no command 'kv nonsense'. Nothing was done; there are status, ring,", ended.Errors, StringComparison.Ordinal);
        Assert.StartsWith("akka.tcp://kv@127.0.0.1:", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "There is no palette 'nonsense'. Nothing was done", "nonsense")]
    [InlineData(1, "'cluster down' wants -a", "cluster", "down")]
    [InlineData(1, "names no one node here. Nothing was changed", "kv", "leave", "-n", "zzzz")]
    [InlineData(1, "Nothing was changed; stage one, then plan", "kv", "commit", "--accept-risk")]
    public async Task What_cannot_be_done_is_said_with_an_exit_code_and_changes_nothing(int exitCode, string words, params string[] command)
    {
        var ended = await Programs.Kv(["console", Place(1), .. command]);
        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(words, ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_no_console_is_called_that()
    {
        foreach (var port in (int[])[_cluster.HttpPort(1), _cluster.RemotingPort(1), 1])
        {
            var ended = await Programs.Kv("console", $"127.0.0.1:{port}", "kv", "status");
            Assert.Equal((3, ""), (ended.ExitCode, ended.Output));
            Assert.Contains("nothing was done", ended.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_node_with_a_password_shows_nothing_without_it_and_one_without_its_port_serves_all_the_same()
    {
        var offset = TestPorts.OffsetOf(nameof(ConsoleSpec));
        var folder = Directory.CreateTempSubdirectory("kv-test-console-");
        await using (var node = Alone(Path.Combine(folder.FullName, "8"), offset, 8, "kv-store.doors.resp.password = \"open \\\"sesame\\\"\""))
        await using (var shut = Alone(Path.Combine(folder.FullName, "9"), offset, 9, ""))
        {
            node.Start(init: true);
            await node.UntilReady();
            var refused = await Programs.Kv("console", $"127.0.0.1:{node.Ports.Console}", "kv", "status");
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("The password is not this node's. Nothing was done", refused.Errors, StringComparison.Ordinal);
            string[] command = ["dotnet", Programs.Cli, "console", $"127.0.0.1:{node.Ports.Console}", "kv", "status"];
            var welcomed = await Programs.Run("env", ["KV_CONSOLE_PASSWORD=open \"sesame\"", .. command]);
            Assert.Equal(0, welcomed.ExitCode);

            shut.Start(init: true);
            await shut.UntilReady();
            Assert.Equal(NodeGroup.IdOf(9), (await shut.Door.Get("status")).GetProperty("node_id").GetString());
            Assert.Contains($"could not be bound to [127.0.0.1:{node.Ports.Console}]", shut.Log, StringComparison.Ordinal);
        }
        folder.Delete(recursive: true);
    }

    /// <summary>A cluster of one, whose console is on node 8's port.</summary>
    private static RealNode Alone(string folder, int offset, int number, string settings) => new(
        folder, NodePorts.Of(offset, number) with { Console = NodePorts.Of(offset, 8).Console },
        $"{settings}\nkv-store.quorum {{ n = 1, r = 1, w = 1 }}\n"
        + $"kv-store.node.id = \"{NodeGroup.IdOf(number)}\"\n"
        + $"kv-store.cluster.members = [\"{NodeGroup.IdOf(number)}@127.0.0.1:{NodePorts.Of(offset, number).Remoting}\"]");

    private string Place(int node) => $"127.0.0.1:{_cluster.ConsolePort(node)}";

    public sealed class ThreeNodes : IAsyncLifetime
    {
        internal RealCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(ConsoleSpec)));

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
