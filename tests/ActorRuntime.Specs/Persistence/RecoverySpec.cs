using Akka.Actor;
using Akka.Persistence;

namespace ActorRuntime.Specs.Persistence;

public sealed class RecoverySpec() : PersistentSpec("akka.persistence.max-concurrent-recoveries = 1")
{
    [Fact]
    public void A_new_actor_recovers_from_nothing()
    {
        Recovered(() => new Teller(Pid, TestActor)).Tell(new Teller.Ping("?"), TestActor);

        Expect("pong ?, after 0: ");
    }

    [Fact]
    public void A_stopped_actor_comes_back_with_its_events_in_order()
    {
        StopAfter("one", "two", "three");

        var again = Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));
        Expect("replayed one", "replayed two", "replayed three", "recovered");
        again.Tell(new Teller.Ping("?"), TestActor);

        Expect("pong ?, after 3: one two three");
    }

    [Fact]
    public void A_crashed_actor_recovers_and_then_handles_what_was_waiting()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell("one");
        Expect("one");

        EventFilter.Exception<InvalidOperationException>("on purpose").ExpectOne(() =>
        {
            actor.Tell(new Teller.Crash());
            actor.Tell("two");
        });

        Expect("replayed one", "recovered", "two");
    }

    [Fact]
    public void An_event_is_there_after_a_crash_in_its_handler()
    {
        var actor = Recovered(() => new CrashesOnce(Pid, TestActor));

        EventFilter.Exception<InvalidOperationException>("in the handler").ExpectOne(() =>
        {
            actor.Tell("one");
            actor.Tell("two");
        });

        Expect("replayed one", "recovered", "two");
    }

    [Fact]
    public void Commands_wait_for_the_end_of_recovery_in_their_order()
    {
        StopAfter("one");

        var again = Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));
        again.Tell("two");
        again.Tell("three");

        Expect("replayed one", "recovered", "two", "three");
    }

    [Fact]
    public void Recovery_can_end_at_a_sequence_number_and_still_knows_the_highest()
    {
        StopAfter("one", "two", "three");

        var again = Sys.ActorOf(Props.Create(() =>
            new Teller(Pid, TestActor, new Recovery(SnapshotSelectionCriteria.Latest, 2))));
        Expect("replayed one", "replayed two", "recovered");
        again.Tell(new Teller.Ping("?"), TestActor);

        Expect("pong ?, after 3: one two");
    }

    [Fact]
    public void Recovery_None_replays_nothing_and_goes_on_after_the_highest()
    {
        StopAfter("one", "two");

        var again = Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor, Recovery.None)));
        Expect("recovered");
        again.Tell("three");
        Expect("three");
        again.Tell(new Teller.Ping("?"), TestActor);

        Expect("pong ?, after 3: three");
    }

    [Fact]
    public void A_handler_that_fails_in_recovery_is_told_of_and_the_actor_stops()
    {
        StopAfter("one", "poison", "three");

        var again = Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));
        Watch(again);

        Expect("replayed one", "replayed poison", "recovery failed at poison: on purpose, in recovery");
        ExpectTerminated(again, Soon);
    }

    [Fact]
    public void A_recovery_waits_for_its_permit_until_another_has_ended()
    {
        StopAfter("one");
        using var gate = new ManualResetEventSlim();
        Sys.ActorOf(Props.Create(() => new RecoversSlowly(Pid, TestActor, gate)));
        Expect("recovering");
        Sys.ActorOf(Props.Create(() => new Teller(Pid + " too", TestActor)));
        ExpectNoMsg(Silence);

        gate.Set();

        Expect("recovered");
    }

    [Fact]
    public void A_death_that_happened_during_recovery_is_heard_of_after_it()
    {
        StopAfter("one");
        using var gate = new ManualResetEventSlim();
        Sys.ActorOf(Props.Create(() => new RecoversSlowly(Pid, TestActor, gate)));
        Expect("recovering");
        var dead = CreateTestProbe().Ref;
        StopAndAwait(dead);
        var mourner = Sys.ActorOf(Props.Create(() => new Mourner(Pid + " too", TestActor, dead)));
        Expect("watching");
        AwaitHandled(mourner);

        gate.Set();

        Expect("recovered", "lost");
    }

    [Fact]
    public void Deleted_events_are_not_replayed_and_sequence_numbers_go_on()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        foreach (var text in new[] { "one", "two", "three" }) actor.Tell(text);
        Expect("one", "two", "three");
        actor.Tell(new Teller.DeleteUpTo(2));
        ExpectMsg(new DeleteMessagesSuccess(2), Soon);
        StopAndAwait(actor);

        var again = Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));
        Expect("replayed three", "recovered");
        again.Tell("four");
        Expect("four");
        again.Tell(new Teller.Ping("?"), TestActor);
        Expect("pong ?, after 4: three four");
    }

    [Fact]
    public void Events_cannot_be_deleted_beyond_the_last_one()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));

        actor.Tell(new Teller.DeleteUpTo(1));

        Assert.Equal(1, ExpectMsg<DeleteMessagesFailure>(Soon).ToSequenceNr);
    }

    private void StopAfter(params string[] texts)
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        foreach (var text in texts) actor.Tell(text);
        Expect(texts);
        StopAndAwait(actor);
    }

    private sealed class CrashesOnce(string pid, IActorRef report) : Teller(pid, report)
    {
        protected override void Declare() => Command<string>(text => Persist(text, saved =>
        {
            if (saved == "one") throw new InvalidOperationException("in the handler");
            Say(saved);
        }));
    }

    /// <summary>Holds its permit until the gate opens.</summary>
    private sealed class Mourner : Teller
    {
        private readonly IActorRef _subject;

        public Mourner(string pid, IActorRef report, IActorRef subject)
            : base(pid, report) => _subject = subject;

        protected override void PreStart()
        {
            Context.Watch(_subject);
            Report("watching");
            base.PreStart();
        }

        protected override void Declare()
        {
            Command<Terminated>(_ => Report("lost"));
            base.Declare();
        }
    }

    private sealed class RecoversSlowly(string pid, IActorRef report, ManualResetEventSlim gate) : UntypedPersistentActor
    {
        public override string PersistenceId => pid;

        protected override void OnCommand(object message)
        {
        }

        protected override void OnRecover(object message)
        {
            if (message is not string) return;
            report.Tell("recovering");
            gate.Wait(Soon);
        }
    }
}
