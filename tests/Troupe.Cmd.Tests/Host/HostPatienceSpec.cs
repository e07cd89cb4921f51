using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Protocol;

namespace Troupe.Cmd.Tests.Host;

/// <summary>How long a host waits for a client: each limit by itself, short, with all others long. The test waits for the end alone.</summary>
public sealed class HostPatienceSpec : IAsyncLifetime
{
    private ActorSystem? _system;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system?.Terminate() ?? Task.CompletedTask;

    [Fact]
    public async Task Who_says_no_hello_is_closed()
    {
        using var client = await ConsoleClient.Connect(await Started("handshake-timeout = 50ms"));
        Assert.Null(await client.Hear());
    }

    [Fact]
    public async Task Who_says_nothing_more_is_closed()
    {
        using var client = await ConsoleClient.Welcomed(await Started("idle-timeout = 50ms"));
        Assert.Null(await client.Hear());
    }

    [Fact]
    public async Task Who_takes_no_write_is_closed()
    {
        var endpoint = await Started("write-timeout = 50ms, max-pending-bytes = 64 MiB");
        using var client = await ConsoleClient.Welcomed(endpoint);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = await _system!.ActorSelection("/user/petabridge.cmd/*").ResolveOne(TimeSpan.FromSeconds(10));
        _system.ActorOf(Props.Create(() => new Mourner(connection, end)));
        await client.Say(new ConsoleMessage.Run("test flood"));
        await end.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task<IPEndPoint> Started(string settings)
    {
        _system = ActorSystem.Create("patience", ConfigurationFactory.ParseString(
            $"akka {{ loglevel = WARNING, log-dead-letters = off }}\npetabridge.cmd {{ port = 0, {settings} }}"));
        var cmd = PetabridgeCmd.Get(_system);
        cmd.RegisterCommandPalette(new TestPalette());
        cmd.Start();
        return (await cmd.Bound)!;
    }

    private sealed class Mourner : ReceiveActor
    {
        public Mourner(IActorRef whom, TaskCompletionSource end)
        {
            Context.Watch(whom);
            Receive<Terminated>(_ => end.SetResult());
        }
    }
}
