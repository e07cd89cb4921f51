using Akka.Actor;
using Akka.Persistence;

namespace ActorRuntime.Specs.Persistence;

public sealed class WriteOrderSpec : PersistentSpec
{
    [Fact]
    public void Commands_wait_while_an_event_is_persisted_and_come_in_their_order()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        Journal.Tell(UnreliableJournal.Hold);
        actor.Tell("one");
        actor.Tell(new Teller.Ping("a"), TestActor);
        actor.Tell("two");
        actor.Tell(new Teller.Ping("b"), TestActor);
        ExpectNoMsg(Silence);

        Journal.Tell(UnreliableJournal.Release);

        Expect("one", "pong a, after 1: one", "two", "pong b, after 2: one two");
    }

    [Fact]
    public void Commands_are_handled_while_an_event_is_persisted_loosely()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        Journal.Tell(UnreliableJournal.Hold);
        actor.Tell(new Teller.Loosely("one"));
        actor.Tell(new Teller.Ping("a"), TestActor);
        Expect("pong a, after 0: ");

        Journal.Tell(UnreliableJournal.Release);

        Expect("one");
    }

    [Fact]
    public void Handlers_run_in_the_order_of_their_calls_whatever_kind_they_are()
    {
        var actor = Recovered(() => new Mixed(Pid, TestActor));

        actor.Tell("go");

        Expect("strict 1", "loose 2", "strict 3", "both 4", "both 5", "deferred");
    }

    [Fact]
    public void DeferAsync_with_nothing_pending_calls_at_once()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        Journal.Tell(UnreliableJournal.Hold);

        actor.Tell(new Teller.Later("now"));

        Expect("now");
        Journal.Tell(UnreliableJournal.Release);
    }

    [Fact]
    public void DeferAsync_waits_for_what_was_persisted_before_it()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        Journal.Tell(UnreliableJournal.Hold);
        actor.Tell(new Teller.Loosely("one"));
        actor.Tell(new Teller.Later("after one"));
        ExpectNoMsg(Silence);

        Journal.Tell(UnreliableJournal.Release);

        Expect("one", "after one");
    }

    [Fact]
    public void A_handler_sees_the_sender_of_its_command()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        var asker = CreateTestProbe();

        actor.Tell("one", asker.Ref);

        Expect("one");
        Assert.Equal(asker.Ref, LastSender);
    }

    [Fact]
    public void An_event_persisted_in_a_handler_comes_before_the_next_command()
    {
        var actor = Recovered(() => new Nesting(Pid, TestActor));
        actor.Tell("outer");
        actor.Tell(new Teller.Ping("a"), TestActor);

        Expect("outer", "inner", "pong a, after 2: outer inner");
    }

    [Fact]
    public void Stashed_commands_come_back_in_their_order_after_the_write_that_frees_them()
    {
        var actor = Recovered(() => new Stashing(Pid, TestActor));
        foreach (var text in new[] { "one", "two", "open", "three" }) actor.Tell(text);

        Expect("open", "one", "two", "three");
    }

    [Fact]
    public void Stashed_commands_are_there_after_a_crash()
    {
        var actor = Recovered(() => new Stashing(Pid, TestActor));
        EventFilter.Exception<InvalidOperationException>("on purpose").ExpectOne(() =>
        {
            foreach (var text in new[] { "one", "two" }) actor.Tell(text);
            actor.Tell(new Teller.Crash());
        });
        actor.Tell("open");

        Expect("recovered", "open", "one", "two");
    }

    [Fact]
    public void PersistAll_of_nothing_changes_nothing()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell(new Teller.Several());
        actor.Tell(new Teller.Ping("a"), TestActor);

        Expect("pong a, after 0: ");
    }

    [Fact]
    public void Nothing_can_be_persisted_during_recovery()
    {
        var first = Recovered(() => new Teller(Pid, TestActor));
        first.Tell("one");
        Expect("one");
        StopAndAwait(first);

        Sys.ActorOf(Props.Create(() => new PersistsTooEarly(Pid, TestActor)));

        var failure = ExpectMsg<InvalidOperationException>(Soon);
        Assert.Contains("Cannot persist during replay", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_can_be_persisted_when_recovery_is_complete_and_commands_wait_for_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new PersistsFirst(Pid, TestActor)));
        actor.Tell("command");

        Expect("first", "command, after 1");
    }

    [Fact]
    public void An_asynchronous_handler_may_persist_and_the_next_command_waits()
    {
        var actor = Recovered(() => new Async(Pid, TestActor));
        actor.Tell("one");
        actor.Tell(new Teller.Ping("a"), TestActor);

        Expect("one", "pong a, after 1: one");
    }

    private sealed class Mixed(string pid, IActorRef report) : Teller(pid, report)
    {
        protected override void Declare() => Command<string>(_ =>
        {
            Persist("strict 1", Say);
            PersistAsync("loose 2", Say);
            Persist("strict 3", Say);
            PersistAllAsync(["both 4", "both 5"], Say);
            DeferAsync("deferred", Report);
        });
    }

    private sealed class Nesting(string pid, IActorRef report) : Teller(pid, report)
    {
        protected override void Declare()
        {
            Command<string>(text => Persist(text, saved =>
            {
                Say(saved);
                Persist("inner", Say);
            }));
            Command<Ping>(ping => Sender.Tell($"pong {ping.Text}, after {LastSequenceNr}: {string.Join(' ', Said)}"));
        }
    }

    private sealed class Stashing(string pid, IActorRef report) : Teller(pid, report)
    {
        private bool _open;

        protected override void Declare()
        {
            Command<Crash>(_ => throw new InvalidOperationException("on purpose"));
            Command<string>(text => text != "open" && !_open, _ => Stash.Stash());
            Command<string>(text => Persist(text, saved =>
            {
                Say(saved);
                if (saved != "open") return;
                _open = true;
                Stash.UnstashAll();
            }));
        }
    }

    private sealed class Async(string pid, IActorRef report) : Teller(pid, report)
    {
        protected override void Declare()
        {
            CommandAsync<string>(async text =>
            {
                await Task.Yield();
                Persist(text, Say);
                await Task.Yield();
            });
            Command<Ping>(ping => Sender.Tell($"pong {ping.Text}, after {LastSequenceNr}: {string.Join(' ', Said)}"));
        }
    }

    private sealed class PersistsTooEarly(string pid, IActorRef report) : UntypedPersistentActor
    {
        public override string PersistenceId => pid;

        protected override void OnCommand(object message)
        {
        }

        protected override void OnRecover(object message)
        {
            if (message is string) report.Tell(Record.Exception(() => Persist("too early", _ => { })));
        }
    }

    private sealed class PersistsFirst(string pid, IActorRef report) : PersistentActor
    {
        public override string PersistenceId => pid;

        protected override bool ReceiveRecover(object message)
        {
            if (message is RecoveryCompleted && LastSequenceNr == 0) Persist("first", report.Tell);
            return true;
        }

        protected override bool ReceiveCommand(object message)
        {
            report.Tell($"{message}, after {LastSequenceNr}");
            return true;
        }
    }
}
