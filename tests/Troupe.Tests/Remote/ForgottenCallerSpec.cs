using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Wire;
using Troupe.Platform;
using static Troupe.Tests.Remote.RawCaller;

namespace Troupe.Tests.Remote;

/// <summary>A node that many have called since it started, as clients do, and what it still knows of its peers then.</summary>
[Collection(AloneCollection.Name)]
public sealed class ForgottenCallerSpec : IAsyncLifetime
{
    /// <summary>More than twice the connections allowed, which is what is remembered.</summary>
    private const int Many = 20;

    private readonly RealSeams _real = new();
    private readonly ControlledNetwork _network;
    private readonly RemoteNode _here;
    private readonly RemoteNode _there = RemoteNode.Start("there", "troupe.remote.max-connections = 8");
    private Probe _watcher = null!;

    public ForgottenCallerSpec()
    {
        _network = new ControlledNetwork(_real.Network);
        _here = RemoteNode.Start(
            "here", "akka.remote.watch-failure-detector.heartbeat-interval = 50ms", new SeamsBehind(_real, _network));
    }

    public async Task InitializeAsync()
    {
        _there.NewProbe("one");
        _there.NewProbe("two");
        _watcher = _here.NewProbe("watcher");
        await Watch("one");
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        _real.Shutdown();
    }

    [Fact]
    public async Task A_peer_that_has_sent_system_messages_outlasts_callers_that_have_not()
    {
        await ManyCall(sendSystem: false);
        // One that is still connected: the most that are remembered, and one more.
        using var present = await Connect(_there.Address);
        await present.SendAsync(Hello(_there.Address, port: 4_000));
        await ReadFrame(present);
        var back = _here.Listen<AssociatedEvent>();
        await LoseTheLine();
        await back.Fish<AssociatedEvent>(e => !e.IsInbound);
        await Watch("two");
        await BothDeathsAreHeardOf();
    }

    [Fact]
    public async Task A_peer_that_was_forgotten_all_the_same_is_counted_anew()
    {
        _network.Hold();
        await LoseTheLine();
        await ManyCall(sendSystem: true);
        var back = _here.Listen<AssociatedEvent>();
        _network.Release();
        await back.Fish<AssociatedEvent>(e => !e.IsInbound);
        await Watch("two");
        await BothDeathsAreHeardOf();
    }

    private async Task Watch(string name)
    {
        var found = _here.By(_there, "/user/" + name);
        await _watcher.Ref.Ask<string>(new Watching(found), RemoteNode.Patience);
        // The watch leaves before this message, so that it has arrived.
        _there.Echo("mark-" + name);
        await _here.By(_there, "/user/mark-" + name).Ask<string>("watched", RemoteNode.Patience);
    }

    private async Task ManyCall(bool sendSystem)
    {
        var left = _there.Listen<DisassociatedEvent>();
        for (var i = 0; i < Many; i++)
        {
            using var socket = await Connect(_there.Address);
            var port = 5_000 + i;
            await socket.SendAsync(Hello(_there.Address, port: port));
            await ReadFrame(socket);
            if (sendSystem)
            {
                await socket.SendAsync(StopNobody());
                Assert.Equal((byte)FrameType.Ack, (await ReadFrame(socket))[0]);
            }
            socket.Shutdown(SocketShutdown.Send);
            await left.Fish<DisassociatedEvent>(e => e.RemoteAddress.Port == port);
        }
    }

    private async Task LoseTheLine()
    {
        var gone = _there.Listen<DisassociatedEvent>();
        _network.Break();
        await gone.Fish<DisassociatedEvent>(e => e.IsInbound && e.RemoteAddress == _here.Address);
    }

    private async Task BothDeathsAreHeardOf()
    {
        foreach (var name in (string[])["one", "two"])
        {
            _there.System.ActorSelection("/user/" + name).Tell(PoisonPill.Instance);
            var terminated = await _watcher.Expect<Terminated>();
            Assert.Equal((name, false), (terminated.ActorRef.Path.Name, terminated.AddressTerminated));
        }
    }

    /// <summary>A caller's first system message.</summary>
    private static byte[] StopNobody()
    {
        var buffer = new FrameBuffer();
        buffer.BeginFrame(FrameType.System);
        buffer.WriteVarint(1);
        buffer.WriteVarint(PathForm.Tag(1, PathForm.Define));
        buffer.WriteByte(PathForm.ReceiverRoot);
        buffer.WriteString("/user/nobody");
        buffer.WriteVarint(0);
        buffer.WriteByte(4);
        buffer.EndFrame();
        return buffer.Written.ToArray();
    }
}
