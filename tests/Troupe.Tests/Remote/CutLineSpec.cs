using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Troupe.Platform;

namespace Troupe.Tests.Remote;

/// <summary>Lines that are cut although TCP does not know it yet.</summary>
public sealed class CutLineSpec : IAsyncLifetime
{
    private readonly RealSeams _real = new();
    private readonly ControlledNetwork _network;
    private readonly RemoteNode _there = RemoteNode.Start("there");
    private RemoteNode? _here;

    public CutLineSpec() => _network = new ControlledNetwork(_real.Network);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _network.Release();
        await _here!.DisposeAsync();
        await _there.DisposeAsync();
        _real.Shutdown();
    }

    [Fact]
    public async Task Messages_sent_during_a_cut_are_late_and_not_lost()
    {
        var (target, reference) = await Reach();
        _network.Hold();
        for (var i = 0; i < 5_000; i++)
            reference.Tell(i);
        _network.Release();
        for (var i = 0; i < 5_000; i++)
            Assert.Equal(i, await target.Expect<int>());
    }

    [Fact]
    public async Task A_line_without_answers_is_found_dead_and_built_anew()
    {
        var (target, reference) = await Reach("""
            akka.remote.transport-failure-detector { heartbeat-interval = 50ms, acceptable-heartbeat-pause = 200ms }
            """);
        var failed = _here!.Listen<AssociationErrorEvent>();
        _network.Hold();
        reference.Tell("lost with the line");
        var error = await failed.Expect<AssociationErrorEvent>();
        Assert.Contains("the connection is dead", error.Cause.Message, StringComparison.Ordinal);
        _network.Release();
        // The peer calls, which opens the gate.
        var called = _here.NewProbe("called");
        _there.By(_here, "/user/called").Tell("knock");
        await called.Expect<string>();
        reference.Tell("after the cut");
        await target.Fish<string>(message => message == "after the cut");
    }

    [Fact]
    public async Task A_full_send_queue_drops_the_newest_with_one_warning()
    {
        var (target, reference) = await Reach("troupe.remote.send-queue-size = 100");
        var (warnings, dead) = (_here!.Listen<Warning>(), _here.Listen<DeadLetter>());
        _network.Hold();
        for (var i = 0; i < 1_000; i++)
            reference.Tell(new Blob(i, 100_000));
        var dropped = await dead.Expect<DeadLetter>();
        _network.Release();
        Assert.Contains("send-queue-size", (await warnings.Expect<Warning>()).Message.ToString(), StringComparison.Ordinal);
        Assert.Empty(warnings.Drain());
        Assert.True(((Blob)dropped.Message).Number >= 100);
        for (var i = 0; i < 100; i++)
            Assert.Equal(i, (await target.Expect<Blob>()).Number);
    }

    [Fact]
    public async Task A_watch_survives_the_loss_of_its_connection()
    {
        var (target, reference) = await Reach("akka.remote.retry-gate-closed-for = 50ms");
        var watcher = _here!.NewProbe();
        var found = await _here.Find(_there, "/user/target");
        _network.Hold();
        await watcher.Ref.Ask<string>(new Watching(found), RemoteNode.Patience);
        var opened = _here.Listen<AssociatedEvent>();
        _network.Break();
        _network.Release();
        await opened.Fish<AssociatedEvent>(e => !e.IsInbound);
        // The watch is sent again before anything else, so that after this message it has arrived.
        reference.Tell("mark");
        await target.Fish<string>(message => message == "mark");
        await target.Ref.GracefulStop(RemoteNode.Patience);
        var terminated = await watcher.Expect<Terminated>();
        Assert.Equal(found, terminated.ActorRef);
        Assert.True(terminated.ExistenceConfirmed);
    }

    [Fact]
    public async Task A_stop_is_sent_again_although_the_welcome_came_before_the_greeting_was_written()
    {
        var (target, reference) = await Reach("akka.remote.retry-gate-closed-for = 50ms");
        var watcher = _there.NewProbe();
        await watcher.Ref.Ask<string>(new Watching(target.Ref), RemoteNode.Patience);
        _network.Hold();
        ((IInternalActorRef)reference).Stop();
        var opened = _here!.Listen<AssociatedEvent>();
        var written = new TaskCompletionSource();
        _network.Break();
        _network.Completions = written;
        _network.Release();
        await opened.Fish<AssociatedEvent>(e => !e.IsInbound);
        _network.Completions = null;
        written.SetResult();
        Assert.Equal(target.Ref, (await watcher.Expect<Terminated>()).ActorRef);
    }

    private async Task<(Probe Target, IActorRef Reference)> Reach(string config = "")
    {
        _here = RemoteNode.Start("here", config, new SeamsBehind(_real, _network));
        var target = _there.NewProbe("target");
        var reference = _here.By(_there, "/user/target");
        reference.Tell("hello");
        await target.Expect<string>();
        return (target, reference);
    }
}
