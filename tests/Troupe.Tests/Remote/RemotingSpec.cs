using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Troupe.Tests.Remote;

/// <summary>Messages between two systems over loopback TCP.</summary>
public sealed class RemotingSpec : IAsyncLifetime
{
    private readonly RemoteNode _here = RemoteNode.Start("here");
    private readonly RemoteNode _there = RemoteNode.Start("there");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task An_ask_reaches_an_actor_of_another_system_and_the_reply_comes_back()
    {
        _there.Echo();
        Assert.Equal("hello", await _here.By(_there, "/user/echo").Ask<string>("hello", RemoteNode.Patience));
    }

    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order_and_unharmed()
    {
        _there.Echo();
        var probe = _here.NewProbe();
        var echo = _here.By(_there, "/user/echo");
        for (var i = 0; i < 20_000; i++)
            echo.Tell(new Blob(i, i % 3000), probe.Ref);
        for (var i = 0; i < 20_000; i++)
            Assert.Equal(new Blob(i, i % 3000), await probe.Expect<Blob>());
        Assert.Equal(_there.Address, probe.LastSender.Path.Address);
    }

    [Fact]
    public async Task A_selection_is_identified_and_its_reference_carries_the_actors_uid()
    {
        var target = _there.NewProbe("target");
        var found = await _here.Find(_there, "/user/target");
        Assert.Equal(target.Ref.Path.Uid, found.Path.Uid);
        found.Tell("by reference");
        Assert.Equal("by reference", await target.Expect<string>());
        _here.System.ActorSelection(_there.Address + "/user/*").Tell("by pattern");
        Assert.Equal("by pattern", await target.Expect<string>());
    }

    [Fact]
    public async Task A_selection_of_nobody_answers_with_no_subject() =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() =>
            _here.System.ActorSelection(_there.Address + "/user/nobody").ResolveOne(RemoteNode.Patience));

    [Fact]
    public async Task A_reference_inside_a_message_can_be_answered()
    {
        var target = _there.NewProbe("target");
        var answers = _here.NewProbe();
        _here.By(_there, "/user/target").Tell(answers.Ref);
        var received = await target.Expect<IActorRef>();
        received.Tell("thanks", target.Ref);
        Assert.Equal("thanks", await answers.Expect<string>());
    }

    [Fact]
    public async Task A_forwarded_message_is_answered_to_its_first_sender()
    {
        _there.Echo();
        var probe = _here.NewProbe();
        var echo = _here.By(_there, "/user/echo");
        _here.System.ActorOf(Props.Create(() => new Forwarder(echo)), "forwarder");
        _there.By(_here, "/user/forwarder").Tell("round", _there.NewProbe("first").Ref);
        _here.System.ActorSelection("/user/forwarder").Tell("local", probe.Ref);
        Assert.Equal("local", await probe.Expect<string>());
    }

    [Fact]
    public async Task A_message_without_sender_arrives_with_dead_letters_as_its_sender()
    {
        var target = _there.NewProbe("target");
        _here.By(_there, "/user/target").Tell("anonymous", ActorRefs.NoSender);
        await target.Expect<string>();
        Assert.Equal(_there.System.DeadLetters, target.LastSender);
    }

    [Fact]
    public async Task A_message_to_a_stopped_actor_is_a_dead_letter_there_and_its_successor_is_reached_by_path_alone()
    {
        var (first, second) = (new Probe(), new Probe());
        var parent = _there.System.ActorOf(Props.Create(() => new Parent(first, second)), "parent");
        // The parent makes its child when it starts, which ActorOf does not wait for.
        await parent.Ask<ActorIdentity>(new Identify("started"), RemoteNode.Patience);
        var byPath = _here.By(_there, "/user/parent/target");
        var byUid = await _here.Find(_there, "/user/parent/target");
        byPath.Tell("one");
        await first.Expect<string>();
        await parent.Ask<string>("replace it", RemoteNode.Patience);
        var dead = _there.Listen<DeadLetter>();
        byUid.Tell("to the dead");
        Assert.Equal("to the dead", (await dead.Fish<DeadLetter>()).Message);
        byPath.Tell("to the living");
        Assert.Equal("to the living", await second.Expect<string>());
    }

    [Fact]
    public async Task A_remote_actor_is_stopped_by_poison_pill()
    {
        var target = _there.NewProbe("target");
        var watcher = _there.NewProbe();
        await watcher.Ref.Ask<string>(new Watching(target.Ref), RemoteNode.Patience);
        _here.By(_there, "/user/target").Tell(PoisonPill.Instance);
        await watcher.Expect<Terminated>();
    }

    [Fact]
    public async Task An_oversized_message_costs_one_error_here_and_nothing_else()
    {
        _there.Echo();
        var probe = _here.NewProbe();
        var errors = _here.Listen<Error>();
        var echo = _here.By(_there, "/user/echo");
        echo.Tell(new Blob(1, 140_000), probe.Ref);
        echo.Tell(new Blob(2, 120_000), probe.Ref);
        Assert.Equal(new Blob(2, 120_000), await probe.Expect<Blob>());
        var error = await errors.Expect<Error>();
        Assert.Contains("oversized payload", error.Cause.Message, StringComparison.Ordinal);
        Assert.Empty(errors.Drain());
    }

    [Fact]
    public async Task A_serializer_that_throws_loses_its_message_alone()
    {
        _there.Echo();
        var probe = _here.NewProbe();
        var (errorsHere, errorsThere) = (_here.Listen<Error>(), _there.Listen<Error>());
        var echo = _here.By(_there, "/user/echo");
        echo.Tell(new Blob(1, 10, Blob.FailsToWrite), probe.Ref);
        echo.Tell(new Blob(2, 10, Blob.FailsToRead), probe.Ref);
        echo.Tell(new Unbound(), probe.Ref);
        echo.Tell(new Blob(3, 10), probe.Ref);
        Assert.Equal(new Blob(3, 10), await probe.Expect<Blob>());
        Assert.Contains("does not want to be written", (await errorsHere.Expect<Error>()).Cause.Message,
            StringComparison.Ordinal);
        Assert.Contains(nameof(Unbound), (await errorsHere.Expect<Error>()).Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("does not want to be read", (await errorsThere.Expect<Error>()).Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_directions_are_announced_on_the_event_stream()
    {
        var (here, there) = (_here.Listen<AssociatedEvent>(), _there.Listen<AssociatedEvent>());
        _there.Echo();
        await _here.By(_there, "/user/echo").Ask<string>("hello", RemoteNode.Patience);
        Assert.False((await here.Fish<AssociatedEvent>(e => !e.IsInbound)).IsInbound);
        Assert.Equal(_here.Address, (await there.Fish<AssociatedEvent>(e => e.IsInbound)).RemoteAddress);
    }

    [Fact]
    public void Creating_an_actor_on_another_system_is_a_clear_error()
    {
        var elsewhere = Props.Create(() => new ProbeActor(new Probe())).WithDeploy(new Deploy(new RemoteScope(_there.Address)));
        var error = Assert.Throws<ConfigurationException>(() => _here.System.ActorOf(elsewhere, "far"));
        Assert.Contains(_there.Address.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_that_ends_lets_its_last_messages_out()
    {
        var target = _there.NewProbe("target");
        var leaver = RemoteNode.Start("leaver");
        var reference = leaver.By(_there, "/user/target");
        for (var i = 0; i < 1000; i++)
            reference.Tell(i);
        await leaver.DisposeAsync();
        for (var i = 0; i < 1000; i++)
            Assert.Equal(i, await target.Expect<int>());
    }

    /// <summary>Replaces its child by another one of the same name.</summary>
    private sealed class Parent : ReceiveActor
    {
        public Parent(Probe first, Probe second)
        {
            IActorRef asker = ActorRefs.Nobody;
            var child = Context.Watch(Context.ActorOf(Props.Create(() => new ProbeActor(first)), "target"));
            Receive<string>(_ =>
            {
                asker = Sender;
                Context.Stop(child);
            });
            Receive<Terminated>(_ =>
            {
                Context.ActorOf(Props.Create(() => new ProbeActor(second)), "target");
                asker.Tell("replaced");
            });
        }
    }

    private sealed class Unbound;

    private sealed class Forwarder(IActorRef target) : UntypedActor
    {
        protected override void OnReceive(object message) => target.Forward(message);
    }
}
