using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Troupe.Platform;

namespace Troupe.Tests.Platform;

public sealed class TcpNetworkSpec : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpNetwork _network = new();

    public void Dispose() => _network.Shutdown();

    [Fact]
    public async Task A_write_of_several_hundred_kilobytes_comes_back_from_an_echo_unchanged()
    {
        var listener = _network.Listen("127.0.0.1", 0, new StreamOptions(), Echo, NothingRejected);
        var payload = Enumerable.Range(0, 700_000).Select(i => (byte)(i * 31 >> 3)).ToArray();
        var collector = new Collector(payload.Length);
        var connection = await Dial(listener, new StreamOptions(), collector);
        connection.Write(payload, _ => { });
        Assert.Equal(payload, await collector.Filled.WaitAsync(Patience));
        connection.Close();
        connection.Close();
        Assert.Null(await collector.Closed.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_peer_of_a_closed_connection_hears_of_its_end()
    {
        var accepted = new TaskCompletionSource<Collector>();
        var listener = _network.Listen("127.0.0.1", 0, new StreamOptions(), _ =>
        {
            var collector = new Collector(int.MaxValue);
            accepted.SetResult(collector);
            return collector;
        }, NothingRejected);
        var connection = await Dial(listener, new StreamOptions(), new Collector(1));
        var peer = await accepted.Task.WaitAsync(Patience);
        connection.Close();
        Assert.Null(await peer.Closed.WaitAsync(Patience));
    }

    [Fact]
    public async Task Connecting_to_a_port_where_nobody_listens_fails()
    {
        var listener = _network.Listen("127.0.0.1", 0, new StreamOptions(), Echo, NothingRejected);
        listener.Close();
        await Assert.ThrowsAsync<SocketException>(() => Dial(listener, new StreamOptions(), new Collector(1)));
    }

    [Fact]
    public async Task Connecting_to_a_name_that_no_resolver_takes_fails()
    {
        var listener = _network.Listen("127.0.0.1", 0, new StreamOptions(), Echo, NothingRejected);
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Dial(listener, new StreamOptions(), new Collector(1), new string('x', 300)));
    }

    [Fact]
    public async Task A_handler_that_throws_loses_its_connection_and_is_told()
    {
        var failing = new Failing();
        var listener = _network.Listen("127.0.0.1", 0, new StreamOptions(), _ => failing, NothingRejected);
        var collector = new Collector(1);
        (await Dial(listener, new StreamOptions(), collector)).Write(new byte[1], _ => { });
        Assert.IsType<NotSupportedException>(await failing.Closed.Task.WaitAsync(Patience));
        await collector.Closed.WaitAsync(Patience);
    }

    [Fact]
    public void Listening_on_a_bound_port_throws()
    {
        var listener = _network.Listen("127.0.0.1", 0, new StreamOptions(), Echo, NothingRejected);
        Assert.Throws<SocketException>(
            () => _network.Listen("127.0.0.1", listener.Endpoint.Port, new StreamOptions(), Echo, NothingRejected));
    }

    [Fact]
    public async Task Connections_above_the_limit_are_closed_and_reported_and_a_free_place_is_used_again()
    {
        var rejected = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new StreamOptions { MaxConnections = 1 };
        var listener = _network.Listen("127.0.0.1", 0, options, Echo, (_, cause) => rejected.TrySetResult(cause));
        var first = await Dial(listener, options, new Collector(1));
        var secondHandler = new Collector(1);
        await Dial(listener, options, secondHandler);
        await secondHandler.Closed.WaitAsync(Patience);
        Assert.Contains("1 connections", (await rejected.Task.WaitAsync(Patience)).Message, StringComparison.Ordinal);
        first.Write(new byte[1], _ => { });
    }

    [Fact]
    public async Task With_mutual_tls_both_sides_exchange_bytes()
    {
        var authority = new Certificates("authority");
        var options = Secure(authority.Issue("localhost"), authority);
        var listener = _network.Listen("127.0.0.1", 0, options, Echo, NothingRejected);
        var collector = new Collector(400_000);
        var connection = await Dial(listener, options, collector, "localhost");
        var payload = new byte[400_000];
        payload[^1] = 7;
        connection.Write(payload, _ => { });
        Assert.Equal(payload, await collector.Filled.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_client_without_a_trusted_certificate_is_rejected()
    {
        var authority = new Certificates("authority");
        var stranger = new Certificates("stranger");
        var rejected = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = _network.Listen("127.0.0.1", 0, Secure(authority.Issue("localhost"), authority),
            _ => throw new InvalidOperationException("accepted"), (_, cause) => rejected.TrySetResult(cause));
        var credentials = Secure(stranger.Issue("localhost"), authority).Security!;
        var handler = new Collector(1);
        await DialQuietly(listener, new StreamOptions { Security = credentials }, handler);
        await rejected.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_with_no_certificate_at_all_is_rejected()
    {
        var authority = new Certificates("authority");
        var rejected = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = _network.Listen("127.0.0.1", 0, Secure(authority.Issue("localhost"), authority),
            _ => throw new InvalidOperationException("accepted"), (_, cause) => rejected.TrySetResult(cause));
        var credentials = Secure(authority.Issue("localhost"), authority).Security! with { MutualAuthentication = false };
        await DialQuietly(listener, new StreamOptions { Security = credentials }, new Collector(1));
        await rejected.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused_by_the_client()
    {
        var authority = new Certificates("authority");
        var stranger = new Certificates("stranger");
        var listener = _network.Listen("127.0.0.1", 0, Secure(stranger.Issue("localhost"), stranger), Echo, (_, _) => { });
        await Assert.ThrowsAsync<UntrustedPeerException>(
            () => Dial(listener, Secure(authority.Issue("localhost"), authority), new Collector(1), "localhost"));
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_when_names_are_checked()
    {
        var authority = new Certificates("authority");
        var server = Secure(authority.Issue("elsewhere.example"), authority);
        var listener = _network.Listen("127.0.0.1", 0, server, Echo, (_, _) => { });
        var checking = server with { Security = server.Security! with { ValidateHostname = true } };
        await Assert.ThrowsAsync<UntrustedPeerException>(
            () => Dial(listener, checking, new Collector(1), "localhost"));
    }

    [Fact]
    public async Task A_peer_that_never_starts_its_tls_handshake_is_dropped_after_the_time_out()
    {
        var authority = new Certificates("authority");
        var rejected = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = Secure(authority.Issue("localhost"), authority) with { SecurityTimeout = TimeSpan.FromMilliseconds(100) };
        var listener = _network.Listen("127.0.0.1", 0, options, Echo, (_, cause) => rejected.TrySetResult(cause));
        var silent = new Collector(1);
        await Dial(listener, new StreamOptions(), silent);
        await rejected.Task.WaitAsync(Patience);
        await silent.Closed.WaitAsync(Patience);
    }

    [Fact]
    public async Task Handshakes_above_the_limit_are_closed_and_those_that_are_done_count_no_more()
    {
        var authority = new Certificates("authority");
        var rejected = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = Secure(authority.Issue("localhost"), authority) with { MaxHandshakes = 1 };
        var listener = _network.Listen("127.0.0.1", 0, options, Echo, (_, cause) => rejected.TrySetResult(cause));
        for (var i = 0; i < 3; i++)
        {
            var collector = new Collector(1);
            (await Dial(listener, options, collector, "localhost")).Write(new byte[1], _ => { });
            await collector.Filled.WaitAsync(Patience);
        }
        await Dial(listener, new StreamOptions(), new Collector(1));
        var second = new Collector(1);
        await Dial(listener, new StreamOptions(), second);
        Assert.Contains("1 connections are in the middle of a handshake", (await rejected.Task.WaitAsync(Patience)).Message, StringComparison.Ordinal);
        await second.Closed.WaitAsync(Patience);
    }

    private static StreamOptions Secure(X509Certificate2 certificate, Certificates trusted) =>
        new() { Security = new StreamSecurity(certificate, [trusted.Root], true, false, false) };

    private static void NothingRejected(string peer, Exception cause) => Assert.Fail($"{peer} was rejected: {cause}");

    private Task<IConnection> Dial(IListener listener, StreamOptions options, IConnectionHandler handler,
        string host = "127.0.0.1")
    {
        var done = new TaskCompletionSource<IConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.Connect(host, listener.Endpoint.Port, options, Patience,
            connection => { done.SetResult(connection); return handler; }, done.SetException);
        return done.Task.WaitAsync(Patience);
    }

    /// <summary>Under TLS 1.3 a client learns only later that its certificate was refused.</summary>
    private Task DialQuietly(IListener listener, StreamOptions options, IConnectionHandler handler)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.Connect("localhost", listener.Endpoint.Port, options, Patience,
            _ => { done.SetResult(); return handler; }, _ => done.SetResult());
        return done.Task.WaitAsync(Patience);
    }

    private static EchoHandler Echo(IConnection connection) => new(connection);

    /// <summary>Writes back what it reads, one write at a time.</summary>
    private sealed class EchoHandler(IConnection connection) : IConnectionHandler
    {
        private readonly Lock _gate = new();
        private readonly ArrayBufferWriter<byte> _pending = new();
        private bool _writing;

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
                _pending.Write(bytes);
            WriteNext();
        }

        public void OnClosed(Exception? cause)
        {
        }

        private void WriteNext()
        {
            byte[] next;
            lock (_gate)
            {
                if (_writing || _pending.WrittenCount == 0)
                    return;
                next = _pending.WrittenSpan.ToArray();
                _pending.Clear();
                _writing = true;
            }
            connection.Write(next, failure =>
            {
                lock (_gate)
                    _writing = false;
                if (failure is null)
                    WriteNext();
            });
        }
    }

    private sealed class Failing : IConnectionHandler
    {
        internal TaskCompletionSource<Exception?> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnReceived(ReadOnlySpan<byte> bytes) => throw new NotSupportedException("on purpose");

        public void OnClosed(Exception? cause) => Closed.SetResult(cause);
    }

    /// <summary>Gathers what arrives, up to an expected length.</summary>
    private sealed class Collector(int expected) : IConnectionHandler
    {
        private readonly ArrayBufferWriter<byte> _received = new();
        private readonly TaskCompletionSource<byte[]> _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<byte[]> Filled => _filled.Task;

        internal Task<Exception?> Closed => _closed.Task;

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            _received.Write(bytes);
            if (_received.WrittenCount >= expected)
                _filled.TrySetResult(_received.WrittenSpan.ToArray());
        }

        public void OnClosed(Exception? cause) => _closed.SetResult(cause);
    }
}
