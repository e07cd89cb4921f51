using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using KvStore.Node.Disk;
using KvStore.Storage;

namespace KvStore.Node.Persistence;

/// <summary>
/// A snapshot store of Akka.Persistence in the node's engine (<c>kv-store.persistence.snapshots</c>), beside the journal.
/// </summary>
public sealed class EngineSnapshotStore : SnapshotStore
{
    /// <summary>Where its settings are.</summary>
    public const string PluginId = "akka.persistence.snapshot-store.kv";

    private readonly ActorSystem _system = Context.System;
    private readonly LsmStore _store;
    private readonly EngineWrites _writes;

    public EngineSnapshotStore()
    {
        _store = NodeDisk.Get(_system).Store;
        _writes = new EngineWrites(_store, _system.Scheduler, Self);
    }

    protected override Task<SelectedSnapshot> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        using var snapshots = All(persistenceId);
        for (snapshots.SeekToLast(); snapshots.Valid; snapshots.Prev())
        {
            var sequenceNr = PersistenceKeys.SequenceNrOf(snapshots.Key);
            if (sequenceNr > criteria.MaxSequenceNr || sequenceNr < criteria.MinSequenceNr) continue;
            var record = PersistedRecord.Read(_system, snapshots.Value.ToArray());
            var metadata = MetadataOf(persistenceId, sequenceNr, record);
            if (Fits(criteria, metadata)) return Task.FromResult(new SelectedSnapshot(metadata, record.Payload));
        }
        return Task.FromResult<SelectedSnapshot>(null!);
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var record = new PersistedRecord(metadata.Timestamp.Ticks, WriterGuid: "", EventManifest: "", snapshot);
        return _writes.Write(new WriteBatch().Put(
            PersistenceKeys.Snapshot(metadata.PersistenceId, metadata.SequenceNr), record.Write(_system)));
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        var at = metadata.Timestamp;
        return Delete(metadata.PersistenceId, found =>
            found.SequenceNr == metadata.SequenceNr && (at == DateTime.MinValue || found.Timestamp == at));
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Delete(persistenceId, found => Fits(criteria, found));

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not EngineWrites.Again) return base.ReceivePluginInternal(message);
        _writes.GoOn();
        return true;
    }

    private Task Delete(string persistenceId, Func<SnapshotMetadata, bool> goes)
    {
        var batch = new WriteBatch();
        using (var snapshots = All(persistenceId))
        {
            for (snapshots.SeekToFirst(); snapshots.Valid; snapshots.Next())
            {
                var record = PersistedRecord.Read(_system, snapshots.Value.ToArray());
                if (goes(MetadataOf(persistenceId, PersistenceKeys.SequenceNrOf(snapshots.Key), record))) batch.Delete(snapshots.Key);
            }
        }
        return batch.Count == 0 ? Task.CompletedTask : _writes.Write(batch);
    }

    private StoreIterator All(string persistenceId) =>
        _store.NewIterator(new IterateOptions { Prefix = PersistenceKeys.Snapshots(persistenceId) });

    private static bool Fits(SnapshotSelectionCriteria criteria, SnapshotMetadata found) =>
        found.SequenceNr <= criteria.MaxSequenceNr && found.SequenceNr >= criteria.MinSequenceNr
        && found.Timestamp <= criteria.MaxTimeStamp && !(found.Timestamp < criteria.MinTimestamp);

    private static SnapshotMetadata MetadataOf(string persistenceId, long sequenceNr, PersistedRecord record) =>
        new(persistenceId, sequenceNr, new DateTime(record.Timestamp, DateTimeKind.Utc));
}
