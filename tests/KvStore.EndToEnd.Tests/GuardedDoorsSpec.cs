namespace KvStore.EndToEnd;

/// <summary>The doors of a node beyond its own machine: only with TLS, and only for those who show who they are.</summary>
public sealed class GuardedDoorsSpec : IAsyncLifetime
{
    private const int WrongConfiguration = 3;
    private static readonly int Offset = TestPorts.OffsetOf(nameof(GuardedDoorsSpec));
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-test-doors-").FullName;
    private readonly NodePorts _ports = NodePorts.Of(Offset, 1);

    public async Task InitializeAsync()
    {
        foreach (var arguments in (string[][])[["ca"], ["node", "--name", "n1", "--host", "localhost"], ["client", "--name", "app"]])
            Assert.Equal(0, (await Programs.Kv(["cert", .. arguments, "--out", _folder])).ExitCode);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_door_for_others_without_TLS_or_a_password_stops_the_start()
    {
        await using var node = Node("""kv-store.doors { resp.host = "0.0.0.0", http { host = "0.0.0.0", password = "secret" } }""");
        node.Start();
        Assert.Equal(WrongConfiguration, await node.Ended());
        Assert.Contains("resp.host: 0.0.0.0 is not loopback, and this door has no TLS (kv-store.tls.certificate, key and ca) and no authentication", node.Log,
            StringComparison.Ordinal);
        Assert.Contains("http.host: 0.0.0.0 is not loopback, and this door has no TLS (kv-store.tls.certificate, key and ca). Set that", node.Log,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_the_owners_leave_it_is_open_and_says_so()
    {
        await using var node = Node("""kv-store.doors { insecure = on, resp.host = "0.0.0.0" }""");
        node.Start(init: true);
        await Serves(node);
        await Waiting.Until(() => Task.FromResult(node.Log.Contains("A door is open beyond this machine", StringComparison.Ordinal)), "it says so");
        Assert.Equal("PONG", (await Programs.RedisCli(_ports.Resp, "PING")).Output);
    }

    [Fact]
    public async Task With_TLS_and_a_password_only_those_who_say_it_are_served()
    {
        await using var node = Node($$"""
            {{Tls()}}
            kv-store.doors { resp { host = "0.0.0.0", password = "secret" }, http { host = "0.0.0.0", password = "secret" } }
            """);
        node.Start(init: true);
        await Serves(node);
        Assert.StartsWith("NOAUTH", (await Redis("PING")).Output, StringComparison.Ordinal);
        Assert.Equal("PONG", (await Redis("-a", "secret", "--no-auth-warning", "PING")).Output);
        Assert.Equal("401", await Curl("/v1/status"));
        Assert.Equal("401", await Curl("/v1/status", "-u", "default:wrong"));
        Assert.Equal("200", await Curl("/v1/status", "-u", "default:secret"));
        Assert.Equal("200", await Curl("/health/ready"));
        Assert.Contains("KV_PASSWORD says it", (await Ring()).Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await Ring("KV_PASSWORD=secret")).ExitCode);
    }

    [Fact]
    public async Task Where_clients_show_certificates_nobody_else_is_served()
    {
        await using var node = Node($$"""
            {{Tls("client-certificates = required")}}
            kv-store.doors { resp.host = "0.0.0.0", http.host = "0.0.0.0" }
            """);
        node.Start(init: true);
        await Serves(node);
        Assert.NotEqual("PONG", (await Redis("PING")).Output);
        Assert.Equal("PONG", (await Redis("--cert", File("app.pem"), "--key", File("app.key"), "PING")).Output);
        Assert.Equal("000", await Curl("/v1/status"));
        Assert.Equal("200", await Curl("/v1/status", "--cert", File("app.pem"), "--key", File("app.key")));
        // Whom the doors let in is no node.
        await Programs.Run("openssl",
            ["s_client", "-connect", $"127.0.0.1:{_ports.Remoting}", "-CAfile", File("ca.pem"), "-cert", File("app.pem"), "-key", File("app.key")]);
        await Waiting.Until(
            () => Task.FromResult(node.Log.Contains("its certificate CN=app, signed by CN=KvStore CA, is not for both directions", StringComparison.Ordinal)),
            "remoting refuses the client");
    }

    private RealNode Node(string settings) => new(Path.Combine(_folder, "node"), _ports, $$"""
        {{settings}}
        kv-store.node.id = "{{NodeGroup.IdOf(1)}}"
        kv-store.cluster.members = ["{{NodeGroup.IdOf(1)}}@127.0.0.1:{{_ports.Remoting}}"]
        kv-store.quorum { n = 1, r = 1, w = 1 }
        """);

    private static string Tls(string more = "") => $"kv-store.tls {{ certificate = \"../n1.pem\", key = \"../n1.key\", ca = \"../ca.pem\"\n{more} }}";

    private static Task Serves(RealNode node) => Waiting.Until(
        () =>
        {
            if (!node.IsRunning) Assert.Fail($"the node has ended:\n{node.Log}");
            return Task.FromResult(node.Log.Contains("settings  node.conf", StringComparison.Ordinal));
        },
        "the node serves");

    private Task<Ended> Redis(params string[] command) => Programs.RedisCli(_ports.Resp, ["--tls", "--cacert", File("ca.pem"), .. command]);

    private async Task<string> Curl(string path, params string[] arguments) => (await Programs.Run("curl",
        ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", File("ca.pem"), .. arguments, $"https://localhost:{_ports.Http}{path}"])).Output;

    /// <summary>kv ring, asked of this node, with variables of the environment.</summary>
    private Task<Ended> Ring(params string[] variables) => Programs.Run(
        "env", [$"KV_CA={File("ca.pem")}", .. variables, "dotnet", Programs.Cli, "ring", "--node", $"https://localhost:{_ports.Http}"]);

    private string File(string name) => Path.Combine(_folder, name);
}
