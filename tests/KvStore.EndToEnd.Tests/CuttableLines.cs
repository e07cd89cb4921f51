using System.Net;
using System.Net.Sockets;

namespace KvStore.EndToEnd;

/// <summary>
/// Stands in front of every node's remoting port and forwards what comes. A line between two nodes can be cut: then nothing goes through in either
/// direction, old connections and new ones hang, and nobody is told, as when a network is divided; when it is healed, what hung goes on. Which node
/// a connection comes from is known by the process that holds its other end. Any thread.
/// </summary>
internal sealed class CuttableLines : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _pids = [];
    private readonly Dictionary<(int, int), TaskCompletionSource> _cuts = [];
    private readonly List<TcpListener> _listeners = [];
    private readonly CancellationTokenSource _end = new();

    /// <param name="ports">For each node in turn: where the others reach it, and where it is.</param>
    public static CuttableLines Open(IReadOnlyList<(int From, int To)> ports)
    {
        var lines = new CuttableLines();
        for (var i = 0; i < ports.Count; i++)
        {
            var listener = new TcpListener(IPAddress.Loopback, ports[i].From);
            listener.Start();
            lines._listeners.Add(listener);
            _ = lines.Accept(listener, i + 1, ports[i].To);
        }
        return lines;
    }

    /// <summary>Node <paramref name="node"/> is in this process from now on.</summary>
    public void Is(int node, int pid)
    {
        lock (_lock) _pids[node] = pid;
    }

    /// <summary>Cuts every line between a node of the one side and a node of the other.</summary>
    public void Split(IEnumerable<int> side, IEnumerable<int> other)
    {
        lock (_lock)
        {
            foreach (var (a, b) in side.SelectMany(a => other, Pair))
                _cuts.TryAdd((a, b), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>Makes every line whole again.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            foreach (var cut in _cuts.Values) cut.SetResult();
            _cuts.Clear();
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        foreach (var listener in _listeners) listener.Dispose();
    }

    private static (int, int) Pair(int a, int b) => (Math.Min(a, b), Math.Max(a, b));

    private async Task Accept(TcpListener listener, int node, int port)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = Forward(await listener.AcceptTcpClientAsync(_end.Token), node, port);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Forward(TcpClient from, int node, int port)
    {
        using var near = from;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            var line = Pair(NodeBehind((IPEndPoint)near.Client.RemoteEndPoint!), node);
            await IsWhole(line);
            await far.ConnectAsync(IPAddress.Loopback, port, _end.Token);
            await Task.WhenAny(Pump(near.GetStream(), far.GetStream(), line), Pump(far.GetStream(), near.GetStream(), line));
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
        {
            // One end is gone: the other is closed.
        }
    }

    private async Task Pump(NetworkStream from, NetworkStream to, (int, int) line)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            await IsWhole(line);
            await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
        await IsWhole(line);
    }

    private async Task IsWhole((int, int) line)
    {
        while (true)
        {
            Task healed;
            lock (_lock)
            {
                if (!_cuts.TryGetValue(line, out var cut)) return;
                healed = cut.Task;
            }
            await healed.WaitAsync(_end.Token);
        }
    }

    /// <summary>The node whose process holds the socket at the other end of a connection to one of our listeners.</summary>
    private int NodeBehind(IPEndPoint peer)
    {
        List<KeyValuePair<int, int>> nodes;
        lock (_lock) nodes = [.. _pids];
        var socket = $"socket:[{InodeOf(peer.Port)}]";
        foreach (var (node, pid) in nodes.Where(node => Directory.Exists($"/proc/{node.Value}/fd")))
        {
            if (Directory.EnumerateFiles($"/proc/{pid}/fd").Any(file => TargetOf(file) == socket)) return node;
        }
        throw new IOException($"no node holds the connection from port {peer.Port}");
    }

    /// <summary>A file may be closed between listing and looking.</summary>
    private static string? TargetOf(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>proc(5), /proc/net/tcp: the second field is the local address, the tenth the inode.</summary>
    private static string InodeOf(int port)
    {
        foreach (var line in File.ReadLines("/proc/net/tcp").Skip(1).Concat(File.ReadLines("/proc/net/tcp6").Skip(1)))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // A connection that is over and lingers belongs to nobody: 0.
            if (fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && fields[9] != "0") return fields[9];
        }
        throw new IOException($"no connection from port {port}");
    }
}
