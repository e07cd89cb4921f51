using System.Diagnostics;

namespace KvStore.EndToEnd;

/// <summary>Where a node of a test listens.</summary>
internal sealed record NodePorts(int Remoting, int Resp, int Http, int Console)
{
    /// <summary>Those of node i, as kv up would give them.</summary>
    public static NodePorts Of(int offset, int number) => new(4052 + offset + number, 6379 + offset + number, 8079 + offset + number, 9109 + offset + number);
}

/// <summary>
/// One node process that a test starts by itself, with a configuration of its own: a newcomer to a cluster, or a member whose lines to the others
/// can be cut. What it prints goes to its log.
/// </summary>
internal sealed class RealNode(string folder, NodePorts ports, string configuration) : IAsyncDisposable
{
    private const int SigKill = 9, SigTerm = 15, SigStop = 19, SigContinue = 18;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(2);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Process? _process;

    public NodePorts Ports => ports;

    public HttpDoor Door { get; } = new(ports.Http);

    public string Data => Path.Combine(folder, "data");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    public int Pid => _process!.Id;

    public bool IsRunning => _process is { HasExited: false };

    private string LogFile => Path.Combine(folder, "log");

    /// <summary>A node without a place in the ring, which asks the node at <paramref name="seed"/> to be let in.</summary>
    public static RealNode Newcomer(string folder, NodePorts ports, int seed, string settings = "") =>
        new(folder, ports, $"{settings}\nkv-store.cluster.seeds = [\"127.0.0.1:{seed}\"]");

    /// <param name="init">The first start of a new cluster's node.</param>
    public void Start(bool init = false)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "node.conf");
        File.WriteAllText(file, $$"""
            {{configuration}}
            kv-store.doors { resp.port = {{ports.Resp}}, http.port = {{ports.Http}} }
            petabridge.cmd.port = {{ports.Console}}
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{ports.Remoting}} }
            """);
        _process?.Dispose();
        // The shell execs: the process is the node's own.
        _process = Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", "exec dotnet \"$0\" --config \"$1\" $3 >>\"$2\" 2>&1 </dev/null", Programs.Server, file, LogFile, init ? "--init" : ""]))!;
    }

    /// <summary>Until it serves; fails when it ends before.</summary>
    public Task UntilReady() => Waiting.Until(
        async () =>
        {
            if (!IsRunning) Assert.Fail($"the node has ended:\n{Log}");
            try
            {
                using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{ports.Http}/health/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        },
        "the node is ready");

    /// <summary>kill -9.</summary>
    public Task Kill() => End(SigKill);

    /// <summary>Asks it to stop; returns its exit code.</summary>
    public Task<int> Stop() => End(SigTerm);

    /// <summary>Until it has ended by itself; its exit code.</summary>
    public async Task<int> Ended()
    {
        using var tooLong = new CancellationTokenSource(ReadyWithin);
        await _process!.WaitForExitAsync(tooLong.Token);
        return _process.ExitCode;
    }

    /// <summary>It is there and does nothing, as in a long pause of its machine.</summary>
    public Task Pause() => Signal(SigStop);

    public Task Resume() => Signal(SigContinue);

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        if (IsRunning) await End(SigKill);
        _process.Dispose();
    }

    private async Task<int> End(int signal)
    {
        await Signal(signal);
        return await Ended();
    }

    private Task<Ended> Signal(int signal) => Programs.Run("kill", [$"-{signal}", $"{Pid}"]);
}
