using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Wire;
using static Troupe.Tests.Remote.RawCaller;

namespace Troupe.Tests.Remote;

/// <summary>
/// Strangers at the remoting port: refused, logged once a reason, bounded in memory, and nothing else disturbed.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class HostilePortSpec : IAsyncLifetime
{
    private const int Seed = 20_260_101;

    private readonly RemoteNode _here = RemoteNode.Start("here");
    private readonly RemoteNode _there = RemoteNode.Start("there");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP")]
    [InlineData("*1\r\n$4\r\nPING\r\n", "Redis")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", "TLS")]
    [InlineData("\u0008\u0000\u0000\u0000\u0012\u0006\u0008\u0001\u0012\u0002\u0000\u0000", "Akka.NET")]
    [InlineData("\u00ff\u00ff\u00ff\u00ff", "noise")]
    public async Task A_foreign_protocol_is_refused_by_name_and_logged_once(string first, string name)
    {
        var warnings = _there.Listen<Warning>();
        for (var i = 0; i < 3; i++)
            Assert.Empty(await Send([.. first.Select(c => (byte)c)]));
        Assert.Contains(name, (await warnings.Expect<Warning>()).Message.ToString(), StringComparison.Ordinal);
        await OthersAreUndisturbed();
        Assert.Empty(warnings.Drain());
    }

    [Fact]
    public async Task Silence_and_half_a_handshake_are_closed_after_the_handshake_time_out()
    {
        await using var brief = RemoteNode.Start("brief", "akka.remote.dot-netty.tcp.handshake-timeout = 100ms");
        Assert.Empty(await Send([], brief.Address));
        Assert.Empty(await Send(Hello(brief.Address)[..20], brief.Address));
    }

    [Fact]
    public async Task A_caller_of_another_system_is_told_so()
    {
        var refusal = await RefusalOf(Hello(_there.Address.WithSystem("somewhere")));
        Assert.Equal(RefusalReason.WrongSystem, refusal.Reason);
        Assert.Contains("somewhere", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_of_another_address_is_told_so() =>
        Assert.Equal(RefusalReason.WrongAddress, (await RefusalOf(Hello(_there.Address.WithHost("elsewhere.example")))).Reason);

    [Fact]
    public async Task A_caller_on_another_runtime_is_told_so()
    {
        var hello = Hello(_there.Address);
        Encoding.ASCII.GetBytes("Puppet").CopyTo(hello.AsSpan(hello.AsSpan().IndexOf("Troupe"u8)));
        var refusal = await RefusalOf(hello);
        Assert.Equal(RefusalReason.WrongRuntime, refusal.Reason);
        Assert.Contains("Puppet", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_older_than_the_callers_present_one_is_refused()
    {
        using var present = await Connect();
        await present.SendAsync(Hello(_there.Address, attempt: 5));
        Assert.Equal((byte)FrameType.Welcome, (await ReadFrame(present))[0]);
        Assert.Equal(RefusalReason.Superseded, (await RefusalOf(Hello(_there.Address, attempt: 4))).Reason);
    }

    [Fact]
    public async Task Attempts_are_counted_over_all_peers_so_that_a_forgotten_one_is_not_called_as_of_old()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var attempts = new List<long>();
        foreach (var name in (string[])["one", "two", "three"])
        {
            _here.By(new Address("akka.tcp", name, "127.0.0.1", port), "/user/x").Tell("hello");
            using var called = await listener.AcceptAsync();
            Assert.Null(Handshake.ReadHello(await ReadFrame(called), out var hello));
            attempts.Add(hello!.Attempt);
        }
        Assert.Equal(attempts.Distinct().Order(), attempts);
    }

    [Fact]
    public async Task Noise_after_a_good_handshake_costs_that_connection_only()
    {
        using var socket = await Connect();
        await socket.SendAsync(Hello(_there.Address));
        await ReadFrame(socket);
        await socket.SendAsync(new byte[] { 3, 0, 0, 0, (byte)FrameType.Message, 0x1d, 0x00 });
        Assert.Equal((byte)FrameType.Refuse, (await ReadFrame(socket))[0]);
        await OthersAreUndisturbed();
    }

    [Fact]
    public async Task A_path_of_a_system_without_a_host_is_malformed()
    {
        using var socket = await Connect();
        await socket.SendAsync(Hello(_there.Address));
        await ReadFrame(socket);
        var buffer = new FrameBuffer();
        buffer.BeginFrame(FrameType.Message);
        buffer.WriteVarint(PathForm.Tag(1, PathForm.Define));
        buffer.WriteByte(PathForm.OtherRoot);
        buffer.WriteString("akka://other");
        buffer.WriteString("/user/x");
        buffer.WriteVarint(0);
        buffer.WriteVarint(0);
        buffer.EndFrame();
        await socket.SendAsync(buffer.Written);
        var answer = await ReadFrame(socket);
        Assert.Equal((byte)FrameType.Refuse, answer[0]);
        Assert.Equal(RefusalReason.Malformed, Handshake.ReadRefusal(answer.AsSpan(1)).Reason);
    }

    [Fact]
    public async Task Many_strangers_at_once_are_bounded_and_do_not_keep_others_out()
    {
        await using var narrow = RemoteNode.Start("narrow", """
            troupe.remote.max-unauthenticated-connections = 4
            akka.remote.dot-netty.tcp.handshake-timeout = 300ms
            """);
        var strangers = new List<Socket>();
        for (var i = 0; i < 40; i++)
            strangers.Add(await RawCaller.Connect(narrow.Address));
        // Those above the limit are closed at once, the others by their time-out.
        await Task.WhenAll(strangers.Select(ReadToEnd));
        narrow.Echo();
        Assert.Equal("in", await _here.By(narrow, "/user/echo").Ask<string>("in", RemoteNode.Patience));
        strangers.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Random_streams_never_harm_the_system()
    {
        var random = new Random(Seed);
        var warnings = _there.Listen<Warning>();
        _there.Echo();
        var echo = _here.By(_there, "/user/echo");
        Assert.Equal("before", await echo.Ask<string>("before", RemoteNode.Patience));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 40; round++)
        {
            var streams = Enumerable.Range(0, 10).Select(_ => SendAndLeave(RandomStream(random))).ToArray();
            Assert.Equal(round, await echo.Ask<int>(round, RemoteNode.Patience));
            await Task.WhenAll(streams);
        }
        await OthersAreUndisturbed("after");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 32 * 1024 * 1024);
        // One a reason, however many streams.
        Assert.True(warnings.Drain().Count <= Enum.GetValues<RefusalReason>().Length);
        Assert.False(_there.System.WhenTerminated.IsCompleted);
    }

    /// <summary>Noise, a mutated handshake, or a good handshake with noise or absurd lengths after it.</summary>
    private byte[] RandomStream(Random random)
    {
        var noise = new byte[random.Next(1, 600)];
        random.NextBytes(noise);
        var hello = Hello(_there.Address, attempt: random.NextInt64(1, long.MaxValue), port: random.Next(1, 65536));
        switch (random.Next(5))
        {
            case 0:
                return noise;
            case 1:
                hello[random.Next(hello.Length)] ^= (byte)random.Next(1, 256);
                return hello;
            case 2:
                return hello[..random.Next(1, hello.Length)];
            case 3:
                return [.. hello, .. BitConverter.GetBytes(random.Next()), .. noise];
            default:
                return [.. hello, .. BitConverter.GetBytes(noise.Length), .. noise];
        }
    }

    private async Task OthersAreUndisturbed(string word = "undisturbed")
    {
        _there.Echo(word);
        Assert.Equal(word, await _here.By(_there, "/user/" + word).Ask<string>(word, RemoteNode.Patience));
    }

    private async Task<Refusal> RefusalOf(byte[] hello)
    {
        var answer = await Send(hello);
        Assert.Equal((byte)FrameType.Refuse, answer[FrameHeader.LengthSize]);
        return Handshake.ReadRefusal(answer.AsSpan(FrameHeader.Size));
    }

    private Task<Socket> Connect() => RawCaller.Connect(_there.Address);

    /// <summary>Sends, and reads whatever comes until the other side closes.</summary>
    private async Task<byte[]> Send(byte[] bytes, Address? to = null)
    {
        using var socket = await RawCaller.Connect(to ?? _there.Address);
        await socket.SendAsync(bytes);
        return await ReadToEnd(socket);
    }

    /// <summary>Sends, closes its own half, and waits for the other side to do the same.</summary>
    private async Task SendAndLeave(byte[] bytes)
    {
        using var socket = await Connect();
        await socket.SendAsync(bytes);
        socket.Shutdown(SocketShutdown.Send);
        await ReadToEnd(socket);
    }
}
