using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class StashSpec : Spec
{
    [Fact]
    public void Unstashed_messages_come_in_their_order_and_before_what_is_queued()
    {
        var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, gate)));
        Tell(actor, "one", "two", "three", "open");
        Tell(actor, "four", "five");

        gate.Set();

        Expect("one", "two", "three", "four", "five");
    }

    [Fact]
    public void Unstash_returns_the_oldest_alone()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, null)));
        Tell(actor, "one", "two", "open for one", "three");

        Expect("one", "three");
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_message_stashed_again_after_being_unstashed_keeps_its_place()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, null)));
        Tell(actor, "one", "two", "reconsider", "three", "open");

        Expect("one", "two", "three");
    }

    [Fact]
    public void The_sender_of_a_stashed_message_is_kept()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, null)));
        var sender = CreateTestProbe();
        sender.Send(actor, "reply to me");
        AwaitHandled(actor);

        actor.Tell("open");

        sender.ExpectMsg("reply to me", Soon);
    }

    [Fact]
    public void A_message_cannot_be_stashed_twice()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, null)));

        actor.Tell("stash twice");

        ExpectMsg<IllegalActorStateException>(Soon);
    }

    [Fact]
    public void A_restart_returns_the_stash_to_the_mailbox()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, null)));
        Tell(actor, "one", "two");

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));
        actor.Tell("open");

        Expect("one", "two");
    }

    [Fact]
    public void A_death_that_was_stashed_is_heard_of_when_it_is_unstashed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Closed(TestActor, null)));
        var watched = CreateTestProbe().Ref;
        StopAndAwait(watched);
        actor.Tell(new Look(watched));
        ExpectMsg("watching", Soon);
        AwaitHandled(actor);

        actor.Tell("open");

        ExpectMsg("lost", Soon);
    }

    private static void Tell(IActorRef actor, params string[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }
    }

    private void Expect(params string[] messages) => Assert.Equal(messages, ReceiveN(messages.Length, Soon).Cast<string>());

    private sealed record Look(IActorRef Subject);

    /// <summary>Stashes everything until it is opened; reports everything after that.</summary>
    private sealed class Closed : ReceiveActor, IWithUnboundedStash
    {
        private readonly IActorRef _report;
        private readonly ManualResetEventSlim? _gate;

        public Closed(IActorRef report, ManualResetEventSlim? gate)
        {
            _report = report;
            _gate = gate;
            Shut();
        }

        public IStash Stash { get; set; } = null!;

        private void Shut()
        {
            Receive<string>(m => m == "open", _ =>
            {
                _gate?.Wait(Soon);
                Stash.UnstashAll();
                Become(Open);
            });
            Receive<string>(m => m == "open for one", _ =>
            {
                Stash.Unstash();
                Become(Open);
            });
            Receive<string>(m => m == "reconsider", _ => Stash.UnstashAll());
            Receive<string>(m => m == "stash twice", _ =>
            {
                Stash.Stash();
                _report.Tell(Record.Exception(() => Stash.Stash()));
            });
            Receive<Look>(look =>
            {
                Context.Watch(look.Subject);
                _report.Tell("watching");
            });
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
            ReceiveAny(_ => Stash.Stash());
        }

        private void Open()
        {
            Receive<Terminated>(_ => _report.Tell("lost"));
            Receive<string>(m => m == "reply to me", m => Sender.Tell(m));
            ReceiveAny(_report.Forward);
        }
    }
}
