using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KvStore.EndToEnd;

/// <summary>A real redis-server that forgets everything when it ends: what the RESP door is compared with.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Process _process;

    private RedisServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<RedisServer> Start()
    {
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()])
        {
            RedirectStandardOutput = true,
        })!;
        // It says so when it listens; reading on keeps its output from filling up.
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }
        Assert.False(process.HasExited, "redis-server did not start");
        _ = process.StandardOutput.ReadToEndAsync();
        return new RedisServer(process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
