namespace KvStore.EndToEnd;

/// <summary>
/// The Redis clients that applications use, at fixed versions, and redis-benchmark: as they work with redis-server. eng/install-test-tools installs
/// them.
/// </summary>
public sealed class RealClientsSpec : IAsyncLifetime
{
    private RealCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(RealClientsSpec)));

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Ioredis_and_node_redis_see_what_they_see_of_redis_server()
    {
        using var redis = await RedisServer.Start();
        var compared = await Programs.Run("node", [Script(), $"{redis.Port}", $"{_cluster.RespPort(2)}"]);
        Assert.True(compared.ExitCode == 0, $"{compared.Output}\n{compared.Errors}");
        Assert.Matches(@"^ioredis: (\d+) of \1 alike\nnode-redis: (\d+) of \2 alike$", compared.Output);
    }

    [Fact]
    public async Task Redis_benchmark_runs_to_its_end()
    {
        var ended = await Programs.Run(
            "redis-benchmark", ["-p", $"{_cluster.RespPort(1)}", "-t", "set,get,incr,mset", "-n", "500", "-c", "10", "--csv"]);
        Assert.Equal(0, ended.ExitCode);
        var rows = ended.Output.Split('\n').Select(line => line.Split(',')[0].Trim('"')).Where(name => name is not ("test" or "")).ToList();
        Assert.Equal(["SET", "GET", "INCR", "MSET (10 keys)"], rows);
        Assert.DoesNotContain("rror", ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    /// <summary>Where it was installed, beside the packages it needs.</summary>
    private static string Script()
    {
        var root = AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf("/artifacts/", StringComparison.Ordinal)];
        return Path.Combine(root, "artifacts", "real-clients", "compare.mjs");
    }
}
