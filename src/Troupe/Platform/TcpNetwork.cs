using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Troupe.Platform;

/// <summary>
/// TCP, with TLS where asked.
/// <para>Owner: <see cref="RealSeams"/>, whose shutdown closes every listener and connection. Thread rule: any thread.</para>
/// </summary>
internal sealed class TcpNetwork : INetwork
{
    private readonly ConcurrentDictionary<TcpConnection, byte> _connections = new();
    private readonly ConcurrentDictionary<TcpAcceptor, byte> _acceptors = new();
    private volatile bool _shutdown;

    public IListener Listen(string host, int port, StreamOptions options,
        Func<IConnection, IConnectionHandler> accepted, Action<string, Exception> rejected)
    {
        var endpoint = new IPEndPoint(ListenAddress(host), port);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(options.Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var acceptor = new TcpAcceptor(this, socket, options, accepted, rejected);
        _acceptors[acceptor] = 0;
        acceptor.Start();
        return acceptor;
    }

    public void Connect(string host, int port, StreamOptions options, TimeSpan timeout,
        Func<IConnection, IConnectionHandler> connected, Action<Exception> failed) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = Open(host, port, options, timeout, connected, failed), null);

    internal void Shutdown()
    {
        _shutdown = true;
        foreach (var acceptor in _acceptors.Keys)
            acceptor.Close();
        foreach (var connection in _connections.Keys)
            connection.Close();
    }

    internal void Forget(TcpAcceptor acceptor) => _acceptors.TryRemove(acceptor, out _);

    /// <summary>
    /// A connection that <see cref="Shutdown"/> will close; <paramref name="ended"/> is called once, when it closes.
    /// </summary>
    internal TcpConnection Track(Socket socket, Stream stream, string name, Action<TcpConnection> ended)
    {
        var connection = new TcpConnection(socket, stream, name, closed =>
        {
            _connections.TryRemove(closed, out _);
            ended(closed);
        });
        _connections[connection] = 0;
        if (_shutdown)
            connection.Close();
        return connection;
    }

    internal static void Configure(Socket socket, StreamOptions options)
    {
        socket.NoDelay = options.NoDelay;
        if (options.SendBufferSize > 0)
            socket.SendBufferSize = options.SendBufferSize;
        if (options.ReceiveBufferSize > 0)
            socket.ReceiveBufferSize = options.ReceiveBufferSize;
    }

    internal static string NameOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "an unknown peer";
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            return "a peer that is gone already";
        }
    }

    internal static bool IsOpenFailure(Exception cause) =>
        cause is IOException or SocketException or ObjectDisposedException or AuthenticationException
            or OperationCanceledException or InvalidOperationException or CryptographicException;

    private async Task Open(string host, int port, StreamOptions options, TimeSpan timeout,
        Func<IConnection, IConnectionHandler> connected, Action<Exception> failed)
    {
        var socket = default(Socket);
        Stream stream;
        string name;
        try
        {
            using var limit = new CancellationTokenSource(timeout);
            socket = await Dial(host, port, limit.Token).ConfigureAwait(false);
            Configure(socket, options);
            name = NameOf(socket);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Security is { } security)
                stream = await TlsHandshake.AsClient(stream, host, security, limit.Token).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            // Whatever it was, the caller waits for an answer: a name that no resolver takes, a key that cannot be used.
            socket?.Dispose();
            failed(cause is OperationCanceledException
                ? new TimeoutException($"no connection to {host}:{port} within {timeout.TotalSeconds} s")
                : cause);
            return;
        }
        var connection = Track(socket, stream, name, static _ => { });
        connection.Start(connected(connection));
    }

    /// <summary>Tries the host's addresses in turn (IPv4 first) and returns the first socket that connects.</summary>
    private static async Task<Socket> Dial(string host, int port, CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        Exception failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellation).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException cause)
            {
                socket.Dispose();
                failure = cause;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure;
    }

    private static IPAddress ListenAddress(string host)
    {
        if (host.Length == 0 || host == "0.0.0.0")
            return IPAddress.Any;
        if (IPAddress.TryParse(host, out var address))
            return address;
        var found = Dns.GetHostAddresses(host);
        return found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork)
            ?? found.FirstOrDefault()
            ?? throw new SocketException((int)SocketError.HostNotFound);
    }
}
