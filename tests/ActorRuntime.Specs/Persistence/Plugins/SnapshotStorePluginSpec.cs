using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;

namespace ActorRuntime.Specs.Persistence.Plugins;

/// <summary>What a snapshot store must do: the fourteen behaviours of Akka's compatibility suite, in this repository's words.</summary>
public abstract class SnapshotStorePluginSpec : PluginSpec
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TestProbe _asker;

    /// <summary>Sequence numbers 11 to 15, a second apart.</summary>
    private readonly SnapshotMetadata[] _saved;

    protected SnapshotStorePluginSpec(string config)
        : base(config)
    {
        _asker = CreateTestProbe();
        _saved = Enumerable.Range(0, 5).Select(i => Save(11 + i, Start.AddSeconds(i), "s-" + (11 + i))).ToArray();
    }

    private IActorRef Store => Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor(null!);

    [Fact]
    public void An_unknown_persistence_id_has_no_snapshot() =>
        Assert.Null(Load(SnapshotSelectionCriteria.Latest, pid: "another " + Pid));

    [Fact]
    public void Nothing_fits_a_timestamp_before_all_snapshots() =>
        Assert.Null(Load(new SnapshotSelectionCriteria(long.MaxValue, Start.AddSeconds(-1))));

    [Fact]
    public void Nothing_fits_a_sequence_number_before_all_snapshots()
    {
        Assert.Null(Load(new SnapshotSelectionCriteria(7)));
        Assert.Null(Load(SnapshotSelectionCriteria.Latest, to: 7));
    }

    [Fact]
    public void Nothing_is_loaded_when_nothing_is_asked_for() => Assert.Null(Load(SnapshotSelectionCriteria.None));

    [Fact]
    public void The_youngest_snapshot_is_loaded() => Loads(SnapshotSelectionCriteria.Latest, 15);

    [Fact]
    public void The_youngest_up_to_a_sequence_number_is_loaded()
    {
        Loads(new SnapshotSelectionCriteria(13), 13);
        Loads(SnapshotSelectionCriteria.Latest, 13, to: 13);
    }

    [Fact]
    public void The_youngest_up_to_a_sequence_number_and_a_timestamp_is_loaded()
    {
        Loads(new SnapshotSelectionCriteria(14, Start.AddSeconds(2)), 13);
        Loads(new SnapshotSelectionCriteria(long.MaxValue, Start.AddSeconds(2)), 13, to: 13);
    }

    [Fact]
    public void Snapshots_of_other_persistence_ids_are_neither_loaded_nor_deleted()
    {
        var other = Pid + "-longer";
        Store.Tell(new SaveSnapshot(new SnapshotMetadata(other, 99, Start), "of another"), _asker.Ref);
        _asker.ExpectMsg<SaveSnapshotSuccess>(Soon);
        Loads(SnapshotSelectionCriteria.Latest, 15);

        Store.Tell(new DeleteSnapshots(Pid, SnapshotSelectionCriteria.Latest), _asker.Ref);
        _asker.ExpectMsg<DeleteSnapshotsSuccess>(Soon);

        Assert.Null(Load(SnapshotSelectionCriteria.Latest));
        Assert.Equal("of another", Load(SnapshotSelectionCriteria.Latest, pid: other)!.Snapshot);
    }

    [Fact]
    public void One_snapshot_is_deleted_by_its_sequence_number()
    {
        var deleted = new SnapshotMetadata(Pid, 13, DateTime.MinValue);
        Store.Tell(new DeleteSnapshot(deleted), _asker.Ref);
        Assert.Equal(deleted, _asker.ExpectMsg<DeleteSnapshotSuccess>(Soon).Metadata);

        Loads(new SnapshotSelectionCriteria(13), 12);
        Loads(SnapshotSelectionCriteria.Latest, 15);
    }

    [Fact]
    public void A_snapshot_with_another_timestamp_is_not_deleted()
    {
        Store.Tell(new DeleteSnapshot(new SnapshotMetadata(Pid, 15, Start)), _asker.Ref);
        _asker.ExpectMsg<DeleteSnapshotSuccess>(Soon);

        Loads(SnapshotSelectionCriteria.Latest, 15);
    }

    [Fact]
    public void All_snapshots_up_to_a_sequence_number_and_a_timestamp_are_deleted()
    {
        var criteria = new SnapshotSelectionCriteria(14, Start.AddSeconds(2));
        Store.Tell(new DeleteSnapshots(Pid, criteria), _asker.Ref);
        Assert.Equal(criteria, _asker.ExpectMsg<DeleteSnapshotsSuccess>(Soon).Criteria);

        Assert.Null(Load(new SnapshotSelectionCriteria(13)));
        Loads(new SnapshotSelectionCriteria(14), 14);
        Loads(SnapshotSelectionCriteria.Latest, 15);
    }

    [Fact]
    public void A_snapshot_takes_the_place_of_one_with_the_same_sequence_number()
    {
        Save(15, Start.AddMinutes(1), "another state");

        var loaded = Load(SnapshotSelectionCriteria.Latest)!;
        Assert.Equal((15, "another state", Start.AddMinutes(1)),
            (loaded.Metadata.SequenceNr, loaded.Snapshot, loaded.Metadata.Timestamp));
        Store.Tell(new DeleteSnapshot(new SnapshotMetadata(Pid, 15, DateTime.MinValue)), _asker.Ref);
        _asker.ExpectMsg<DeleteSnapshotSuccess>(Soon);
        Loads(SnapshotSelectionCriteria.Latest, 14);
    }

    [Fact]
    public void A_large_snapshot_comes_back_whole()
    {
        var large = string.Concat(Enumerable.Range(0, 100_000).Select(n => (char)('a' + (n * 7 % 26))));
        Save(100, Start, large);

        Assert.Equal(large, Load(SnapshotSelectionCriteria.Latest)!.Snapshot);
    }

    [Fact]
    public void A_snapshot_with_a_serializer_of_its_own_comes_back_equal_and_one_without_bytes_is_refused()
    {
        var parcel = new Parcel("ünïcode and more");
        Save(100, Start, parcel);
        var loaded = Load(SnapshotSelectionCriteria.Latest)!;
        Assert.Equal(parcel, loaded.Snapshot);
        Assert.Equal(KeepsBytes, !ReferenceEquals(parcel, loaded.Snapshot));

        Store.Tell(new SaveSnapshot(new SnapshotMetadata(Pid, 101, Start), new Parcel(Parcel.Unserializable)), _asker.Ref);
        if (KeepsBytes) Assert.Equal(101, _asker.ExpectMsg<SaveSnapshotFailure>(Soon).Metadata.SequenceNr);
        else Assert.Equal(101, _asker.ExpectMsg<SaveSnapshotSuccess>(Soon).Metadata.SequenceNr);
        Loads(SnapshotSelectionCriteria.Latest, KeepsBytes ? 100 : 101);
    }

    private SnapshotMetadata Save(long sequenceNr, DateTime timestamp, object snapshot)
    {
        var metadata = new SnapshotMetadata(Pid, sequenceNr, timestamp);
        Store.Tell(new SaveSnapshot(metadata, snapshot), _asker.Ref);
        return _asker.ExpectMsg<SaveSnapshotSuccess>(Soon).Metadata;
    }

    private SelectedSnapshot? Load(SnapshotSelectionCriteria criteria, long to = long.MaxValue, string? pid = null)
    {
        Store.Tell(new LoadSnapshot(pid ?? Pid, criteria, to), _asker.Ref);
        var result = _asker.ExpectMsg<LoadSnapshotResult>(Soon);
        Assert.Equal(to, result.ToSequenceNr);
        return result.Snapshot;
    }

    private void Loads(SnapshotSelectionCriteria criteria, long sequenceNr, long to = long.MaxValue)
    {
        var loaded = Load(criteria, to);
        Assert.NotNull(loaded);
        Assert.Equal((sequenceNr, Pid), (loaded.Metadata.SequenceNr, loaded.Metadata.PersistenceId));
        if (sequenceNr <= 15)
        {
            Assert.Equal("s-" + sequenceNr, loaded.Snapshot);
            Assert.Equal(_saved[sequenceNr - 11].Timestamp, loaded.Metadata.Timestamp);
        }
    }
}
