using ActorRuntime.Specs.Hosting;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;

namespace ActorRuntime.Specs.Remoting;

/// <summary>A peer behind a line that falls silent or is cut. The peer says that it is where the line listens.</summary>
public sealed class BrokenLineSpec : RemoteSpec, IAsyncLifetime
{
    private readonly Line _line = new();
    private ActorSystem _far = null!;

    public Task InitializeAsync()
    {
        // The port that the far system listens on is free a moment before it takes it.
        var port = FreePort();
        _far = ActorSystem.Create("far", ConfigurationFactory.ParseString(
            $"akka.remote.dot-netty.tcp {{ port = {port}, public-hostname = \"127.0.0.1\", public-port = {_line.Port} }}")
            .WithFallback(Sys.Settings.Config));
        _line.ConnectTo(port);
        _far.ActorOf(Props.Create(() => new RemoteEcho()), "echo");
        _far.ActorOf(Props.Create(() => new Recorder(TestActor)), "recorder");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _line.SpeakAgain();
        Shutdown(_far, TimeSpan.FromSeconds(20));
        await _line.DisposeAsync();
    }

    [Fact]
    public async Task What_is_sent_while_the_line_is_silent_arrives_late_all_of_it_and_in_order()
    {
        var recorder = await Far("recorder");
        _line.FallSilent();
        for (var i = 0; i < 100; i++)
        {
            recorder.Tell(new Note($"{i}"));
        }
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(500));

        _line.SpeakAgain();

        foreach (var i in Enumerable.Range(0, 100))
        {
            await ExpectMsgAsync(new Note($"{i}"), Soon);
        }
    }

    [Fact]
    public async Task A_silence_that_ends_breaks_neither_the_reference_nor_the_watch()
    {
        var echo = await Far("echo");
        Watch(echo);
        _line.FallSilent();
        echo.Tell(new Note("late"));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(300));

        _line.SpeakAgain();

        await ExpectMsgAsync(new Note("late"), Soon);
        echo.Tell(new Note("stop"));
        await ExpectTerminatedAsync(echo, Soon);
    }

    [Fact]
    public async Task A_line_that_is_cut_is_built_again_and_the_reference_works_on()
    {
        var events = CreateTestProbe();
        Sys.EventStream.Subscribe(events.Ref, typeof(DisassociatedEvent));
        var echo = await Far("echo");

        _line.Cut();
        await events.ExpectMsgAsync<DisassociatedEvent>(Soon);

        await AwaitAssertAsync(
            async () =>
            {
                echo.Tell(new Note("there again?"));
                await ExpectMsgAsync(new Note("there again?"), TimeSpan.FromMilliseconds(500));
            },
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_watch_outlives_a_line_that_is_cut_and_built_again()
    {
        var echo = await Far("echo");
        Watch(echo);
        _line.Cut();
        await AwaitAssertAsync(
            async () =>
            {
                echo.Tell(new Note("there again?"));
                await ExpectMsgAsync(new Note("there again?"), TimeSpan.FromMilliseconds(500));
            },
            TimeSpan.FromSeconds(20));

        echo.Tell(new Note("stop"));

        await FishForMessageAsync<Terminated>(t => t.ActorRef.Equals(echo), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_peer_behind_a_line_that_stays_silent_is_given_up_by_its_watchers()
    {
        var echo = await Far("echo");
        Watch(echo);
        echo.Tell(new Note("watched"));
        await ExpectMsgAsync(new Note("watched"), Soon);

        _line.FallSilent();

        var terminated = await ExpectTerminatedAsync(echo, TimeSpan.FromSeconds(20));
        Assert.True(terminated.AddressTerminated);
    }

    private async Task<IActorRef> Far(string name) =>
        await Sys.ActorSelection($"akka.tcp://far@127.0.0.1:{_line.Port}/user/{name}").ResolveOne(TimeSpan.FromSeconds(20));

    private static int FreePort()
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    /// <summary>Tells a local actor of another system what it receives: no answer has to cross the line.</summary>
    private sealed class Recorder : ReceiveActor
    {
        public Recorder(IActorRef report) => ReceiveAny(m => report.Tell(m));
    }
}
