using Akka.Actor;
using Akka.Persistence;

namespace ActorRuntime.Specs.Persistence;

public sealed class FailedWritesSpec : PersistentSpec
{
    [Fact]
    public void A_failed_write_is_told_of_and_the_actor_stops_without_the_event()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        Watch(actor);
        actor.Tell("one");
        actor.Tell("fail it");

        Expect("one", "failed fail it at 2: failed on purpose");
        ExpectTerminated(actor, Soon);
    }

    [Fact]
    public void A_rejected_event_is_told_of_and_the_actor_goes_on_without_it()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell("one");
        actor.Tell("reject it");
        actor.Tell("three");

        Expect("one", "refused reject it at 2: rejected on purpose", "three");
        actor.Tell(new Teller.Ping("?"), TestActor);
        Expect("pong ?, after 3: one three");
    }

    [Fact]
    public void A_rejected_event_is_not_replayed()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell("one");
        actor.Tell("reject it");
        actor.Tell("three");
        Expect("one", "refused reject it at 2: rejected on purpose", "three");
        StopAndAwait(actor);

        Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));

        Expect("replayed one", "replayed three", "recovered");
    }

    [Fact]
    public void PersistAll_is_rejected_as_a_whole()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell(new Teller.Several("one", "reject it"));

        Expect("refused one at 1: rejected on purpose", "refused reject it at 2: rejected on purpose");
        actor.Tell(new Teller.Ping("?"), TestActor);
        Expect("pong ?, after 2: ");
    }

    [Fact]
    public void An_answer_that_comes_after_a_crash_is_not_taken_for_one_to_the_new_instance()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        Journal.Tell(UnreliableJournal.Hold);
        actor.Tell(new Teller.Loosely("one"));
        EventFilter.Exception<InvalidOperationException>("on purpose").ExpectOne(() => actor.Tell(new Teller.Crash()));
        Expect("replayed one", "recovered");

        Journal.Tell(UnreliableJournal.Release);
        actor.Tell("two");

        Expect("two");
    }
}
