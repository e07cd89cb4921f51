namespace Akka.Persistence.Snapshot;

/// <summary>One snapshot in a <see cref="MemorySnapshotStore"/>.</summary>
public class SnapshotEntry
{
    public string Id { get; set; } = "";

    public string PersistenceId { get; set; } = "";

    public long SequenceNr { get; set; }

    /// <summary>UTC ticks.</summary>
    public long Timestamp { get; set; }

    public object Snapshot { get; set; } = null!;
}

/// <summary>A snapshot store in memory, for tests: its snapshots end with the actor system.</summary>
public class MemorySnapshotStore : SnapshotStore
{
    protected virtual List<SnapshotEntry> Snapshots { get; } = [];

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken)
    {
        var found = Snapshots
            .Where(entry => entry.PersistenceId == persistenceId && criteria.Matches(entry.SequenceNr, TimeOf(entry)))
            .MaxBy(entry => entry.SequenceNr);
        return Task.FromResult(found is null
            ? null!
            : new SelectedSnapshot(new SnapshotMetadata(persistenceId, found.SequenceNr, TimeOf(found)), found.Snapshot));
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        Snapshots.RemoveAll(entry => entry.PersistenceId == metadata.PersistenceId && entry.SequenceNr == metadata.SequenceNr);
        Snapshots.Add(new SnapshotEntry
        {
            Id = $"{metadata.PersistenceId}_{metadata.SequenceNr}",
            PersistenceId = metadata.PersistenceId,
            SequenceNr = metadata.SequenceNr,
            Timestamp = metadata.Timestamp.Ticks,
            Snapshot = snapshot,
        });
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        Snapshots.RemoveAll(entry => entry.PersistenceId == metadata.PersistenceId && entry.SequenceNr == metadata.SequenceNr
            && (metadata.Timestamp == DateTime.MinValue || metadata.Timestamp.Ticks == entry.Timestamp));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria,
        CancellationToken cancellationToken)
    {
        Snapshots.RemoveAll(entry =>
            entry.PersistenceId == persistenceId && criteria.Matches(entry.SequenceNr, TimeOf(entry)));
        return Task.CompletedTask;
    }

    private static DateTime TimeOf(SnapshotEntry entry) => new(entry.Timestamp, DateTimeKind.Utc);
}
