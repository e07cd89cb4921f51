using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace ActorRuntime.Specs.Persistence.Plugins;

/// <summary>What a journal must do: the sixteen behaviours of Akka's compatibility suite, in this repository's words.</summary>
public abstract class JournalPluginSpec : PluginSpec
{
    private const int Instance = 1;

    private readonly TestProbe _sender;
    private readonly TestProbe _receiver;

    protected JournalPluginSpec(string config)
        : base(config)
    {
        _sender = CreateTestProbe();
        _receiver = CreateTestProbe();
        Write(1, 5);
    }

    private IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(null!);

    [Fact]
    public void All_events_are_replayed_in_order() => Replays(1, long.MaxValue, long.MaxValue, 1, 2, 3, 4, 5);

    [Fact]
    public void Events_are_replayed_from_a_lower_bound() => Replays(3, long.MaxValue, long.MaxValue, 3, 4, 5);

    [Fact]
    public void Events_are_replayed_up_to_an_upper_bound() => Replays(1, 3, long.MaxValue, 1, 2, 3);

    [Fact]
    public void No_more_events_are_replayed_than_asked_for() => Replays(1, long.MaxValue, 3, 1, 2, 3);

    [Fact]
    public void Events_are_replayed_between_two_bounds() => Replays(2, 3, long.MaxValue, 2, 3);

    [Fact]
    public void Events_are_replayed_between_two_bounds_up_to_a_count() => Replays(2, 5, 2, 2, 3);

    [Fact]
    public void Equal_bounds_replay_one_event() => Replays(2, 2, long.MaxValue, 2);

    [Fact]
    public void A_count_of_one_replays_one_event() => Replays(2, 4, 1, 2);

    [Fact]
    public void A_count_of_zero_replays_nothing() => Replays(2, 4, 0);

    [Fact]
    public void A_lower_bound_above_the_upper_one_replays_nothing() => Replays(3, 2, long.MaxValue);

    [Fact]
    public void Deleted_events_are_not_replayed()
    {
        Delete(3);

        Replays(1, long.MaxValue, long.MaxValue, 4, 5);
    }

    [Fact]
    public void The_highest_sequence_number_survives_the_deletion_of_events()
    {
        Replays(1, long.MaxValue, long.MaxValue, 1, 2, 3, 4, 5);
        Delete(3);

        Replays(1, long.MaxValue, long.MaxValue, 4, 5);
    }

    [Fact]
    public void The_highest_sequence_number_survives_the_deletion_of_all_events()
    {
        Delete(long.MaxValue);

        Replays(1, long.MaxValue, long.MaxValue);
    }

    [Fact]
    public void Events_of_one_atomic_write_are_replayed_as_those_of_several()
    {
        Send(new AtomicWrite(Enumerable.Range(6, 3).Select(n => (IPersistentRepresentation)Event(n, "a-" + n)).ToImmutableArray()));
        _sender.ExpectMsg<WriteMessagesSuccessful>(Soon);
        for (var n = 6; n <= 8; n++) Assert.Equal(n, _sender.ExpectMsg<WriteMessageSuccess>(Soon).Persistent.SequenceNr);

        Journal.Tell(new ReplayMessages(5, long.MaxValue, long.MaxValue, Pid, _receiver.Ref));
        ExpectEvents(5, 6, 7, 8);
        _receiver.ExpectMsg(new RecoverySuccess(8), Soon);
    }

    [Fact]
    public void An_event_with_a_serializer_of_its_own_comes_back_equal()
    {
        var parcel = new Parcel("ünïcode and more");
        Send(new AtomicWrite(Event(6, parcel)));
        _sender.ExpectMsg<WriteMessagesSuccessful>(Soon);
        Assert.Same(parcel, _sender.ExpectMsg<WriteMessageSuccess>(Soon).Persistent.Payload);

        Journal.Tell(new ReplayMessages(6, long.MaxValue, long.MaxValue, Pid, _receiver.Ref));
        var replayed = _receiver.ExpectMsg<ReplayedMessage>(Soon).Persistent;
        Assert.Equal(parcel, replayed.Payload);
        Assert.Equal(KeepsBytes, !ReferenceEquals(parcel, replayed.Payload));
        Assert.Equal((6, Pid, "writer"), (replayed.SequenceNr, replayed.PersistenceId, replayed.WriterGuid));
        _receiver.ExpectMsg(new RecoverySuccess(6), Soon);
    }

    [Fact]
    public void An_event_that_cannot_be_serialized_is_rejected_and_those_beside_it_are_written()
    {
        Send(new AtomicWrite(Event(6, new Parcel(Parcel.Unserializable))), new AtomicWrite(Event(7, "a-7")));
        _sender.ExpectMsg<WriteMessagesSuccessful>(Soon);
        if (KeepsBytes) Assert.Equal(6, _sender.ExpectMsg<WriteMessageRejected>(Soon).Persistent.SequenceNr);
        else Assert.Equal(6, _sender.ExpectMsg<WriteMessageSuccess>(Soon).Persistent.SequenceNr);
        Assert.Equal(7, _sender.ExpectMsg<WriteMessageSuccess>(Soon).Persistent.SequenceNr);

        Journal.Tell(new ReplayMessages(6, long.MaxValue, long.MaxValue, Pid, _receiver.Ref));
        long[] kept = KeepsBytes ? [7] : [6, 7];
        Assert.Equal(kept, kept.Select(_ => _receiver.ExpectMsg<ReplayedMessage>(Soon).Persistent.SequenceNr).ToArray());
        _receiver.ExpectMsg(new RecoverySuccess(7), Soon);
    }

    /// <summary>An event as a persistent actor sends it.</summary>
    protected Persistent Event(long sequenceNr, object payload) =>
        new(payload, sequenceNr, Pid, manifest: null, isDeleted: false, sender: _sender.Ref, writerGuid: "writer");

    private void Write(int from, int to)
    {
        Send(Enumerable.Range(from, to - from + 1).Select(n => new AtomicWrite(Event(n, "a-" + n))).ToArray());
        _sender.ExpectMsg<WriteMessagesSuccessful>(Soon);
        for (var n = from; n <= to; n++)
        {
            var written = _sender.ExpectMsg<WriteMessageSuccess>(Soon);
            Assert.Equal((n, Instance), (written.Persistent.SequenceNr, written.ActorInstanceId));
        }
    }

    private void Send(params IPersistentEnvelope[] writes) =>
        Journal.Tell(new WriteMessages(writes, _sender.Ref, Instance), _sender.Ref);

    private void Delete(long to)
    {
        Journal.Tell(new DeleteMessagesTo(Pid, to, _receiver.Ref));
        _receiver.ExpectMsg(new DeleteMessagesSuccess(to), Soon);
    }

    private void Replays(long from, long to, long max, params long[] expected)
    {
        Journal.Tell(new ReplayMessages(from, to, max, Pid, _receiver.Ref));
        ExpectEvents(expected);
        _receiver.ExpectMsg(new RecoverySuccess(5), Soon);
    }

    private void ExpectEvents(params long[] expected)
    {
        foreach (var n in expected)
        {
            var replayed = _receiver.ExpectMsg<ReplayedMessage>(Soon).Persistent;
            Assert.Equal((n, "a-" + n, Pid), (replayed.SequenceNr, replayed.Payload, replayed.PersistenceId));
            Assert.False(replayed.IsDeleted);
        }
    }
}
