using System.Net.Sockets;
using System.Text;

namespace KvStore.EndToEnd;

/// <summary>Clients that do what they should not, at the Redis and HTTP doors of a real node with a password: it answers clearly, and goes on.</summary>
public sealed class HostileClientsSpec(HostileClientsSpec.Node node) : IClassFixture<HostileClientsSpec.Node>
{
    private const string Auth = "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n";

    [Theory]
    [InlineData("*11\r\n", "-ERR Protocol error: invalid multibulk length")]
    [InlineData("*2\r\n$3\r\nGET\r\n$16385\r\n", "-ERR Protocol error: invalid bulk length")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$999999999\r\n", "-ERR Protocol error: invalid bulk length")]
    public async Task Before_its_password_a_client_may_say_little(string bytes, string answer)
    {
        using var client = new TcpClient("127.0.0.1", node.Resp);
        await Send(client, bytes);
        Assert.StartsWith(answer, await ReadToEnd(client), StringComparison.Ordinal);
        await StillServes();
    }

    [Fact]
    public async Task Without_its_password_a_client_is_told_so_and_nothing_is_done()
    {
        using var client = new TcpClient("127.0.0.1", node.Resp);
        await Send(client, "SET sneaky 1\r\nKEYS *\r\nFLUSHDB\r\nQUIT\r\n");
        Assert.Equal(string.Concat(Enumerable.Repeat("-NOAUTH Authentication required.\r\n", 3)) + "+OK\r\n", await ReadToEnd(client));
        Assert.Equal("$-1\r\n", Ask("GET", "sneaky"));
    }

    [Fact]
    public async Task Half_a_request_holds_nobody_up_and_ends_with_its_connection()
    {
        using (var half = new TcpClient("127.0.0.1", node.Resp))
        {
            await Send(half, Auth + "*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$100\r\nonly a part");
            await StillServes();
        }
        Assert.Equal("$-1\r\n", Ask("GET", "half"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_itself_and_nobody_else()
    {
        var large = new string('v', 500_000);
        Assert.Equal("+OK\r\n", Ask("SET", "large", large));
        using var slow = new TcpClient("127.0.0.1", node.Resp) { ReceiveBufferSize = 4096 };
        await Send(slow, Auth + string.Concat(Enumerable.Repeat("*2\r\n$3\r\nGET\r\n$5\r\nlarge\r\n", 100)));
        for (var i = 0; i < 50; i++) await StillServes();

        // What it was sent until then is whole when it reads at last.
        var stream = slow.GetStream();
        var reply = new byte["+OK\r\n".Length + "$500000\r\n".Length + large.Length + 2];
        await stream.ReadExactlyAsync(reply);
        Assert.EndsWith("vv\r\n", Encoding.ASCII.GetString(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_idle_connections_cost_the_others_nothing_and_go_when_they_go()
    {
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1000; i++) idle.Add(new TcpClient("127.0.0.1", node.Resp));
            Assert.True(Connected() > 1000);
            for (var i = 0; i < 20; i++) await StillServes();
        }
        finally
        {
            foreach (var client in idle) client.Dispose();
        }
        await Waiting.Until(() => Task.FromResult(Connected() < 100), "the idle connections to be gone");
    }

    [Theory]
    [InlineData("NOSUCH x", "-ERR unknown command 'NOSUCH', with args beginning with: 'x' \r\n")]
    [InlineData("LPUSH list x",
        "-ERR LPUSH is not offered: values are strings; there are no lists, sets, hashes, sorted sets or streams. Nothing was done.\r\n")]
    [InlineData("INCR text", "-ERR value is not an integer or out of range\r\n")]
    [InlineData("SCAN 99999999999999999999", "-ERR invalid cursor\r\n")]
    [InlineData("SCAN 9007199254740993", "-ERR invalid cursor\r\n")]
    [InlineData("SCAN 0 MATCH", "-ERR syntax error\r\n")]
    [InlineData("KV.GET k BUCKET Nope", "-ERR A bucket name begins with a lower-case letter or a digit. Nothing was done.\r\n")]
    [InlineData("KV.PUT k v CONTEXT ???", "-ERR CONTEXT is the token that an answer named, unchanged. Nothing was done.\r\n")]
    [InlineData("KV.PUT k v W 4", "-ERR W is 4; with N = 1 it may be 1 to 1. Nothing was done.\r\n")]
    public void What_makes_no_sense_is_answered_in_words(string command, string answer)
    {
        Ask("SET", "text", "abc");
        Assert.Equal(answer, Ask(command.Split(' ')));
        Assert.Equal("$3\r\nabc\r\n", Ask("GET", "text"));
    }

    [Theory]
    [InlineData("MGET")]
    [InlineData("DEL")]
    [InlineData("MSET")]
    public void A_command_of_too_many_arguments_is_refused_in_words_and_its_connection_goes_on(string command)
    {
        using var redis = new RawRedis(node.Resp);
        redis.Ask("AUTH", "secret");
        Assert.Equal("-ERR the command has 5001 arguments, and the most is 2048; nothing was done, send it in parts\r\n",
            redis.Ask([command, .. Enumerable.Range(0, 5000).Select(i => $"many-{i}")]));
        Assert.Equal("$-1\r\n", redis.Ask("GET", "many-0"));
    }

    [Theory]
    [InlineData("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 404")]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("DELETE /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 405")]
    [InlineData("PUT /v1/buckets/%00 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("PUT /v1/buckets/b?n=1&n=2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("POST /v1/repair HTTP/1.1\r\nHost: localhost\r\nOrigin: http://y\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 403")]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 403")]
    [InlineData("POST /v1/repair HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 403")]
    public async Task What_is_no_request_of_the_HTTP_door_is_refused(string request, string status)
    {
        using var client = new TcpClient("127.0.0.1", node.Http);
        await Send(client, request);
        Assert.StartsWith(status, await ReadToEnd(client), StringComparison.Ordinal);
    }

    private async Task StillServes()
    {
        using var client = new TcpClient("127.0.0.1", node.Resp);
        await Send(client, Auth + "PING\r\nQUIT\r\n");
        Assert.Equal("+OK\r\n+PONG\r\n+OK\r\n", await ReadToEnd(client));
    }

    private int Connected()
    {
        var info = Ask("INFO", "clients");
        var line = info.Split("\r\n").Single(text => text.StartsWith("connected_clients:", StringComparison.Ordinal));
        return int.Parse(line.Split(':')[1]);
    }

    private string Ask(params string[] command)
    {
        using var redis = new RawRedis(node.Resp);
        Assert.Equal("+OK\r\n", redis.Ask("AUTH", "secret"));
        return redis.Ask(command);
    }

    private static async Task Send(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    private static async Task<string> ReadToEnd(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>One node with a password, for all tests of the class.</summary>
    public sealed class Node : IAsyncLifetime
    {
        private NodeGroup _group = null!;

        public int Resp => _group[1].Ports.Resp;

        public int Http => _group[1].Ports.Http;

        public async Task InitializeAsync() => _group = await NodeGroup.Up(nodes: 1, TestPorts.OffsetOf(nameof(HostileClientsSpec)), """
            kv-store.quorum { n = 1, r = 1, w = 1 }
            kv-store.doors.resp.password = secret
            """);

        public async Task DisposeAsync() => await _group.DisposeAsync();
    }
}
