using System.Text.Json;

namespace KvStore.EndToEnd;

/// <summary>A cluster of real processes, brought up and taken down by kv as a user would. Ports are far from the usual ones,
/// and below 32768, where the kernel takes the ports of outgoing connections from.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private const int SigKill = 9;
    private readonly string _directory = Directory.CreateTempSubdirectory("kv-test-").FullName;
    private readonly int _portOffset;

    private readonly int _nodes;

    private RealCluster(int nodes, int portOffset) => (_nodes, _portOffset) = (nodes, portOffset);

    /// <param name="more">Further arguments of kv up.</param>
    public static async Task<RealCluster> Up(int nodes, int portOffset, params string[] more)
    {
        var cluster = new RealCluster(nodes, portOffset);
        var up = await cluster.Kv(["up", "--nodes", $"{nodes}", "--port-offset", $"{portOffset}", "--detach", .. more]);
        Assert.True(up.ExitCode == 0, $"kv up failed:\n{up.Errors}\n{up.Output}");
        return cluster;
    }

    public int RespPort(int node) => 6379 + _portOffset + node;

    public int HttpPort(int node) => 8079 + _portOffset + node;

    public int ConsolePort(int node) => 9109 + _portOffset + node;

    public int RemotingPort(int node) => 4052 + _portOffset + node;

    public HttpDoor Door(int node) => new(HttpPort(node));

    /// <summary>A node that is none of kv up's, and asks node 1 to be let in; not started yet.</summary>
    public RealNode Newcomer(int number, string settings = "") => RealNode.Newcomer(
        Path.Combine(_directory, $"{number}"), NodePorts.Of(_portOffset, number), RemotingPort(1), settings);

    public Task<Ended> Kv(params string[] arguments) => Programs.Kv([.. arguments, "--data", _directory]);

    /// <summary>As <see cref="Kv"/>, with somebody at the keyboard.</summary>
    public Task<Ended> KvTyped(string typed, params string[] arguments) => Programs.Kv(typed, [.. arguments, "--data", _directory]);

    /// <summary>What redis-cli prints for one command sent to one node.</summary>
    public async Task<string> Redis(int node, params string[] command) => (await Programs.RedisCli(RespPort(node), command)).Output;

    /// <summary>A certificate or key of a cluster that shows them.</summary>
    public string Certificate(string file) => Path.Combine(_directory, "tls", file);

    public string DataOf(int node) => Path.Combine(_directory, $"{node}", "data");

    public string Log(int node) => File.ReadAllText(Path.Combine(_directory, $"{node}", "log"));

    public int Pid(int node)
    {
        using var layout = JsonDocument.Parse(File.ReadAllText(Path.Combine(_directory, "cluster.json")));
        return layout.RootElement.GetProperty("Nodes")[node - 1].GetProperty("Pid").GetInt32();
    }

    /// <summary>kv up again: starts the nodes that are missing.</summary>
    public async Task Up()
    {
        var up = await Kv("up", "--nodes", $"{_nodes}", "--detach");
        Assert.True(up.ExitCode == 0, $"kv up failed:\n{up.Errors}\n{up.Output}");
    }

    public async Task Down() => Assert.Equal(0, (await Kv("down")).ExitCode);

    /// <summary>kill -9: the node says nothing to anybody.</summary>
    public async Task Kill(int node) => await Programs.Run("kill", [$"-{SigKill}", $"{Pid(node)}"]);

    public async ValueTask DisposeAsync()
    {
        await Kv("down");
        Directory.Delete(_directory, recursive: true);
    }
}
