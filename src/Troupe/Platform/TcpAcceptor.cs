using System.Net;
using System.Net.Sockets;

namespace Troupe.Platform;

/// <summary>
/// A bound port and its accept loop. A failed accept (no more file descriptors) pauses the loop and is reported; TLS
/// handshakes run beside it, each within its own time-out.
/// </summary>
internal sealed class TcpAcceptor(
    TcpNetwork network, Socket listener, StreamOptions options,
    Func<IConnection, IConnectionHandler> accepted, Action<string, Exception> rejected) : IListener
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    private int _alive;
    private int _handshakes;
    private volatile bool _closed;

    public IPEndPoint Endpoint { get; } = (IPEndPoint)listener.LocalEndPoint!;

    internal void Start() => ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.AcceptLoop(), this, false);

    public void Close()
    {
        _closed = true;
        listener.Dispose();
        network.Forget(this);
    }

    private async Task AcceptLoop()
    {
        while (!_closed)
        {
            try
            {
                var socket = await listener.AcceptAsync().ConfigureAwait(false);
                Admit(socket);
            }
            catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
            {
                if (_closed)
                    return;
                rejected("a connection that could not be accepted", cause);
                await Task.Delay(PauseAfterFailure).ConfigureAwait(false);
            }
        }
    }

    private void Admit(Socket socket)
    {
        var name = TcpNetwork.NameOf(socket);
        if (Interlocked.Increment(ref _alive) > options.MaxConnections)
        {
            Drop(socket);
            rejected(name, new IOException($"{options.MaxConnections} connections are already open, the most allowed"));
            return;
        }
        _ = Open(socket, name);
    }

    private async Task Open(Socket socket, string name)
    {
        Stream stream;
        try
        {
            TcpNetwork.Configure(socket, options);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Security is { } security)
            {
                stream = await Secure(stream, security).ConfigureAwait(false);
            }
        }
        catch (Exception cause) when (TcpNetwork.IsOpenFailure(cause))
        {
            Drop(socket);
            if (!_closed)
                rejected(name, cause is OperationCanceledException
                    ? new TimeoutException($"no TLS handshake within {options.SecurityTimeout.TotalSeconds} s")
                    : cause);
            return;
        }
        var connection = network.Track(socket, stream, name, _ => Interlocked.Decrement(ref _alive));
        connection.Start(accepted(connection));
    }

    private async Task<Stream> Secure(Stream stream, StreamSecurity security)
    {
        try
        {
            if (Interlocked.Increment(ref _handshakes) > options.MaxHandshakes)
                throw new IOException($"{options.MaxHandshakes} connections are in the middle of a handshake, the most allowed");
            using var timeout = new CancellationTokenSource(options.SecurityTimeout);
            return await TlsHandshake.AsServer(stream, security, timeout.Token).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
    }

    private void Drop(Socket socket)
    {
        Interlocked.Decrement(ref _alive);
        socket.Dispose();
    }
}
