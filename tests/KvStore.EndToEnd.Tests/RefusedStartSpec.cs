namespace KvStore.EndToEnd;

/// <summary>A node that cannot start as it is told says why, also by its exit code, and has changed nothing.</summary>
public sealed class RefusedStartSpec : IDisposable
{
    private static readonly int Offset = TestPorts.OffsetOf(nameof(RefusedStartSpec));
    private const int WrongConfiguration = 3, ForeignData = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-test-refused-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Data_of_another_cluster_is_refused_and_a_directory_in_use_too()
    {
        await using var group = await NodeGroup.Up(nodes: 3, Offset);
        using (var connection = await RespClient.Connect(group[1].Ports.Resp)) Assert.Equal("OK", (await connection.Ask("SET", "k", "v")).Text);
        var founders = Members(1, 2, 3);
        var inUse = await Refused(ForeignData, $"""
            kv-store.node.id = "{NodeGroup.IdOf(1)}"
            kv-store.cluster.members = [{founders}]
            kv-store.storage.directory = "{group[1].Data}"
            """);
        Assert.Contains("is locked by another process", inUse, StringComparison.Ordinal);
        using (var connection = await RespClient.Connect(group[1].Ports.Resp)) Assert.Equal("v", (await connection.Ask("GET", "k")).Text);

        Assert.Equal(0, await group[1].Stop());
        var before = (await DataDumps.Of(group[1].Data)).SelectMany(lines => lines).ToList();
        var others = await Refused(ForeignData, $"""
            kv-store.node.id = "{NodeGroup.IdOf(1)}"
            kv-store.cluster.members = [{Members(1, 2, 4)}]
            kv-store.storage.directory = "{group[1].Data}"
            """);
        Assert.Contains("holds data of cluster", others, StringComparison.Ordinal);
        Assert.Equal(before, (await DataDumps.Of(group[1].Data)).SelectMany(lines => lines));

        await group.Restart(1);
        using (var connection = await RespClient.Connect(group[1].Ports.Resp)) Assert.Equal("v", (await connection.Ask("GET", "k")).Text);
    }

    [Fact]
    public async Task A_founder_without_its_data_does_not_start_however_often_it_is_tried()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var said = await Refused(ForeignData, $"""
                kv-store.node.id = "{NodeGroup.IdOf(1)}"
                kv-store.cluster.members = [{Members(1, 2, 3)}]
                """);
            Assert.Contains("is empty, and the settings make this node a founder", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_mistake_in_the_configuration_is_named_and_no_data_directory_is_made()
    {
        var said = await Refused(WrongConfiguration, """
            kv-store.quorum { n = 3, r = 4 }
            kv-store.storage.sync = sometimes
            kv-store.cluster.partitions = 100
            kv-store.cluster.members = ["nobody"]
            kv-store.timeouts.request = soon
            kv-store.no-such-setting = 1
            """);
        foreach (var mistake in (string[])["quorum", "storage.sync", "cluster.partitions", "cluster.members", "timeouts.request", "no-such-setting"])
            Assert.Contains(mistake, said, StringComparison.Ordinal);
        Assert.Contains("node.conf:6", said, StringComparison.Ordinal);
        Assert.Contains("nothing was started", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
    }

    /// <summary>What a node says that must not start.</summary>
    private async Task<string> Refused(int exitCode, string settings)
    {
        await using var node = new RealNode(_folder, NodePorts.Of(Offset, 9), settings);
        node.Start();
        Assert.Equal(exitCode, await node.Ended());
        return node.Log;
    }

    private static string Members(params int[] numbers) =>
        string.Join(", ", numbers.Select(number => $"\"{NodeGroup.IdOf(number)}@127.0.0.1:{4052 + Offset + number}\""));
}
