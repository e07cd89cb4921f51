using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>A cluster whose nodes show certificates: to clients, to each other, and to nobody else.</summary>
public sealed class TlsSpec(TlsSpec.ThreeNodes nodes) : IClassFixture<TlsSpec.ThreeNodes>
{
    private readonly RealCluster _cluster = nodes.Cluster;

    [Fact]
    public async Task Redis_clients_are_served_in_TLS_by_every_node()
    {
        Assert.Equal("OK", (await Redis(1, "SET", "fruit", "apple")).Output);
        for (var node = 1; node <= 3; node++) Assert.Equal("apple", (await Redis(node, "GET", "fruit")).Output);
    }

    [Fact]
    public async Task In_the_clear_nothing_is_answered()
    {
        Assert.NotEqual("PONG", await _cluster.Redis(1, "PING"));
        Assert.NotEqual(0, (await Programs.Run("curl", ["-s", $"http://127.0.0.1:{_cluster.HttpPort(1)}/health/live"])).ExitCode);
    }

    [Theory]
    [InlineData("-tls1_2", 0)]
    [InlineData("-tls1_3", 0)]
    [InlineData("-tls1_1", 1)]
    public async Task Old_versions_of_TLS_are_not_spoken(string version, int exitCode)
    {
        foreach (var port in (int[])[_cluster.RespPort(1), _cluster.HttpPort(1)])
            Assert.Equal(exitCode, (await Openssl(port, version, "-CAfile", _cluster.Certificate("ca.pem"), "-verify_return_error")).ExitCode);
    }

    [Fact]
    public async Task Curl_and_the_commands_of_kv_find_their_way()
    {
        var curl = await Programs.Run("curl",
            ["-s", "--cacert", _cluster.Certificate("ca.pem"), $"https://localhost:{_cluster.HttpPort(2)}/v1/status"]);
        Assert.Equal("0.1.0", JsonSerializer.Deserialize<JsonElement>(curl.Output).GetProperty("version").GetString());
        Assert.Equal(0, (await _cluster.Kv("status")).ExitCode);
        Assert.Equal("OK", (await _cluster.Kv("put", "colour", "red")).Output);
        Assert.Equal("red", (await _cluster.Kv("get", "colour")).Output);
        var stranger = await Programs.Kv("ring", "--node", $"https://127.0.0.1:{_cluster.HttpPort(1)}");
        Assert.Equal(3, stranger.ExitCode);
        Assert.Contains("do not come to trust each other", stranger.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_a_certificate_of_another_authority_is_refused_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("kv-test-strange-").FullName;
        try
        {
            Assert.Equal(0, (await Programs.Kv("cert", "ca", "--name", "another CA", "--out", folder)).ExitCode);
            Assert.Equal(0, (await Programs.Kv("cert", "node", "--name", "strange", "--host", "127.0.0.1", "--out", folder)).ExitCode);
            // It trusts the cluster, and would tell it everything; the cluster does not trust it.
            var bundle = Path.Combine(folder, "bundle.p12");
            Assert.Equal(0, (await Programs.Run("openssl",
            [
                "pkcs12", "-export", "-in", Path.Combine(folder, "strange.pem"), "-inkey", Path.Combine(folder, "strange.key"),
                "-certfile", _cluster.Certificate("ca.pem"), "-passout", "pass:", "-out", bundle,
            ])).ExitCode);
            await using var newcomer = _cluster.Newcomer(
                9, $"akka.remote.dot-netty.tcp {{ enable-ssl = on, ssl.certificate {{ path = \"{bundle}\", password = \"\" }} }}");
            newcomer.Start();
            await Waiting.Until(
                () => Task.FromResult(_cluster.Log(1).Contains("its certificate CN=strange, signed by CN=another CA, does not lead to a trusted authority",
                    StringComparison.Ordinal)),
                "the refusal is in the log");
            Assert.DoesNotContain($":{_cluster.RemotingPort(9)}", (await _cluster.Kv("ring", "--json")).Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_node_that_joins_has_a_certificate_made_for_it()
    {
        var joined = await _cluster.Kv("join");
        Assert.True(joined.ExitCode == 0, joined.Errors);
        Assert.Contains("staged: join 4", joined.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_cluster.Certificate("node4.pem")));
    }

    private Task<Ended> Redis(int node, params string[] command) => Programs.RedisCli(
        _cluster.RespPort(node), ["--tls", "--cacert", _cluster.Certificate("ca.pem"), .. command]);

    private static Task<Ended> Openssl(int port, params string[] arguments) =>
        Programs.Run("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", .. arguments]);

    /// <summary>One cluster for all of them.</summary>
    public sealed class ThreeNodes : IAsyncLifetime
    {
        internal RealCluster Cluster { get; private set; } = null!;

        public async Task InitializeAsync() => Cluster = await RealCluster.Up(nodes: 3, TestPorts.OffsetOf(nameof(TlsSpec)), "--tls");

        public async Task DisposeAsync() => await Cluster.DisposeAsync();
    }
}
