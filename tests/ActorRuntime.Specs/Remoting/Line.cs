using System.Net;
using System.Net.Sockets;

namespace ActorRuntime.Specs.Remoting;

/// <summary>
/// A TCP line that can fall silent and can be cut: listens on a port of its own and passes bytes to another one, both ways.
/// <para>Silent: connections stay open and bytes wait. Cut: connections are closed.</para>
/// </summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _connections = [];
    private TaskCompletionSource _speaks = new();
    private Task _accepting = Task.CompletedTask;

    public Line()
    {
        _speaks.SetResult();
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void ConnectTo(int port) => _accepting = AcceptAsync(port);

    /// <summary>From now on nothing passes, and nobody is told.</summary>
    public void FallSilent() => _speaks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void SpeakAgain() => _speaks.TrySetResult();

    /// <summary>Closes what is connected now; new connections are taken.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _connections.ForEach(c => c.Dispose());
            _connections.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        _speaks.TrySetResult();
        Cut();
        await _accepting;
        _closed.Dispose();
    }

    private async Task AcceptAsync(int port)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_closed.Token);
                var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, port, _closed.Token);
                lock (_lock)
                {
                    _connections.AddRange([near, far]);
                }
                _ = PassAsync(near, far);
                _ = PassAsync(far, near);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The spec is over, or the peer behind the line is.
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var read and > 0)
            {
                await _speaks.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or closed by one side: the other side learns of it below.
        }
        from.Dispose();
        to.Dispose();
    }
}
