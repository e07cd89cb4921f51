using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Wire;
using Troupe.Platform;
using static Troupe.Tests.Remote.RawCaller;

namespace Troupe.Tests.Remote;

/// <summary>A dial that nobody answers, while the peer calls. That a new one gets through: the simulated RemoteActorsSpec.</summary>
public sealed class LostDialSpec : IAsyncLifetime
{
    private const int Port = 4_321;

    private readonly RealSeams _real = new();
    private readonly ControlledNetwork _network;
    private readonly RemoteNode _here;

    public LostDialSpec()
    {
        _network = new ControlledNetwork(_real.Network) { LosesDials = true };
        _here = RemoteNode.Start("here", "akka.remote.flush-wait-on-shutdown = 0s", new SeamsBehind(_real, _network));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        _real.Shutdown();
    }

    [Fact]
    public async Task However_often_the_peer_calls_meanwhile_it_is_dialled_once_more()
    {
        _here.By(new Address("akka.tcp", "stranger", "127.0.0.1", Port), "/user/target").Tell("waits");
        await Dialled();
        for (var i = 1; i <= 20; i++)
            await Call(attempt: i);
        await Dialled();
        Assert.False(_network.LostDials.TryRead(out _));
    }

    private async Task Dialled()
    {
        using var limit = new CancellationTokenSource(RemoteNode.Patience);
        Assert.Equal(Port, await _network.LostDials.ReadAsync(limit.Token));
    }

    private async Task Call(long attempt)
    {
        using var socket = await Connect(_here.Address);
        await socket.SendAsync(Hello(_here.Address, attempt, port: Port));
        Assert.Equal((byte)FrameType.Welcome, (await ReadFrame(socket))[0]);
    }
}
