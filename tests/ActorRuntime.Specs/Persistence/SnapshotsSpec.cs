using Akka.Actor;
using Akka.Persistence;

namespace ActorRuntime.Specs.Persistence;

public sealed class SnapshotsSpec : PersistentSpec
{
    [Fact]
    public void Recovery_begins_with_the_snapshot_and_replays_only_what_came_after_it()
    {
        StopWithSnapshotAfterTwo();

        Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));

        Expect("offered one two", "replayed three", "recovered");
    }

    [Fact]
    public void A_snapshot_is_of_the_state_after_the_last_event()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell("one");
        Expect("one");

        actor.Tell(new Teller.TakeSnapshot());

        var metadata = ExpectMsg<SaveSnapshotSuccess>(Soon).Metadata;
        Assert.Equal((Pid, 1L), (metadata.PersistenceId, metadata.SequenceNr));
    }

    [Fact]
    public void Recovery_without_a_snapshot_replays_everything()
    {
        StopWithSnapshotAfterTwo();

        Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor, new Recovery(SnapshotSelectionCriteria.None))));

        Expect("replayed one", "replayed two", "replayed three", "recovered");
    }

    [Fact]
    public void A_snapshot_is_enough_when_the_events_before_it_are_deleted()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell("one");
        Expect("one");
        actor.Tell(new Teller.TakeSnapshot());
        ExpectMsg<SaveSnapshotSuccess>(Soon);
        actor.Tell(new Teller.DeleteUpTo(1));
        ExpectMsg<DeleteMessagesSuccess>(Soon);
        StopAndAwait(actor);

        var again = Sys.ActorOf(Props.Create(() => new Teller(Pid, TestActor)));
        Expect("offered one", "recovered");
        again.Tell("two");
        Expect("two");
        again.Tell(new Teller.Ping("?"), TestActor);

        Expect("pong ?, after 2: one two");
    }

    private void StopWithSnapshotAfterTwo()
    {
        var actor = Recovered(() => new Teller(Pid, TestActor));
        actor.Tell("one");
        actor.Tell("two");
        Expect("one", "two");
        actor.Tell(new Teller.TakeSnapshot());
        ExpectMsg<SaveSnapshotSuccess>(Soon);
        actor.Tell("three");
        Expect("three");
        StopAndAwait(actor);
    }
}

public sealed class NoSnapshotStoreSpec() : PersistentSpec("")
{
    [Fact]
    public void Without_a_snapshot_store_saving_fails_and_recovery_works()
    {
        var actor = Recovered(() => new Storeless(Pid, TestActor));
        actor.Tell("one");
        Expect("one");
        actor.Tell(new Teller.TakeSnapshot());
        Assert.Equal(1, ExpectMsg<SaveSnapshotFailure>(Soon).Metadata.SequenceNr);
        StopAndAwait(actor);

        Sys.ActorOf(Props.Create(() => new Storeless(Pid, TestActor)));

        Expect("replayed one", "recovered");
    }

    private sealed class Storeless : Teller
    {
        public Storeless(string pid, IActorRef report)
            : base(pid, report) => SnapshotPluginId = "akka.persistence.no-snapshot-store";
    }
}
