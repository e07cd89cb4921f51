using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using KvStore.Node.Settings;
using KvStore.Server.Keys;
using KvStore.Server.Resp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace KvStore.Server.Tests.Resp;

/// <summary>One connection from its first byte to its last, without a socket and without a store.</summary>
public sealed class RespConnectionHandlerSpec : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();
    private readonly DoorMetrics _metrics = new();
    private readonly Stopping _stopping = new();

    [Fact]
    public async Task An_idle_connection_ends_when_the_node_stops()
    {
        var served = Serve();
        await Send("PING\r\n");
        Assert.Equal("+PONG\r\n", await Receive("+PONG\r\n".Length));

        _stopping.RequestClose();
        await served.WaitAsync(Patience);
    }

    [Fact]
    public async Task Of_a_client_that_goes_on_sending_nothing_more_is_taken()
    {
        var served = Serve();
        await Send("PING\r\n");
        await Receive("+PONG\r\n".Length);

        _stopping.RequestClose();
        await Send("PING late\r\n");
        await served.WaitAsync(Patience);
        Assert.False(_toServer.Reader.TryRead(out _), "something was left unread: the socket would be reset, and the last replies with it");
        await _toClient.Writer.CompleteAsync();
        Assert.Equal("", await Receive(1));
    }

    [Fact]
    public async Task What_follows_bytes_that_are_no_RESP_is_passed_over_and_the_error_arrives()
    {
        var served = Serve();
        await Send("*many\r\nand so on");
        await served.WaitAsync(Patience);
        Assert.False(_toServer.Reader.TryRead(out _));
        Assert.StartsWith("-ERR Protocol error", await Receive(1), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _metrics.Dispose();
    }

    private Task Serve()
    {
        var connection = new DefaultConnectionContext("one") { Transport = new Duplex(_toServer.Reader, _toClient.Writer) };
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(_stopping);
        return new RespConnectionHandler(Door(), new RespLimits(), _metrics).OnConnectedAsync(connection);
    }

    private async Task Send(string text) => await _toServer.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));

    private async Task<string> Receive(int bytes)
    {
        var read = await _toClient.Reader.ReadAtLeastAsync(bytes).AsTask().WaitAsync(Patience);
        var text = Encoding.Latin1.GetString(read.Buffer.ToArray());
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    private RespDoor Door()
    {
        var config = ConfigurationFactory.ParseString("""
            kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
            kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
            """);
        var settings = NodeSettings.Read(config.WithFallback(ConfigurationFiles.Reference));
        var spaces = new KeySpaces(
            new KeyValueGateway(ActorRefs.Nobody, settings), new BucketChanges(ActorRefs.Nobody), () => throw new InvalidOperationException(), _metrics);
        return new RespDoor(spaces, new RespConnections(max: 1, needsPassword: false), password: "", () => []);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Stopping : IConnectionLifetimeNotificationFeature, IDisposable
    {
        private readonly CancellationTokenSource _requested = new();

        public CancellationToken ConnectionClosedRequested
        {
            get => _requested.Token;
            set => throw new NotSupportedException();
        }

        public void RequestClose() => _requested.Cancel();

        public void Dispose() => _requested.Dispose();
    }
}
