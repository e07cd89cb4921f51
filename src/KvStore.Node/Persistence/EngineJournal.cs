using System.Buffers.Binary;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using KvStore.Node.Disk;
using KvStore.Storage;

namespace KvStore.Node.Persistence;

/// <summary>
/// A journal of Akka.Persistence in the node's engine (<c>kv-store.persistence.journal</c>). Every acknowledged write is on disk, whatever
/// the node's sync setting says.
/// <para>Invariants: (1) the events of one atomic write are there all or not at all; (2) the highest sequence number is written with the
/// events and outlives them; (3) what is replayed was written before the replay was asked for.</para>
/// </summary>
public sealed class EngineJournal : AsyncWriteJournal
{
    /// <summary>Where its settings are.</summary>
    public const string PluginId = "akka.persistence.journal.kv";

    private readonly ActorSystem _system = Context.System;
    private readonly LsmStore _store;
    private readonly EngineWrites _writes;

    public EngineJournal()
    {
        _store = NodeDisk.Get(_system).Store;
        _writes = new EngineWrites(_store, _system.Scheduler, Self);
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        Task.FromResult(HighestOf(persistenceId));

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        using var events = _store.NewIterator(new IterateOptions
        {
            LowerBound = PersistenceKeys.Event(persistenceId, fromSequenceNr),
            UpperBound = After(persistenceId, toSequenceNr),
        });
        for (events.SeekToFirst(); events.Valid && max > 0; events.Next(), max--)
        {
            var record = PersistedRecord.Read(_system, events.Value.ToArray());
            recoveryCallback(new Persistent(
                record.Payload, PersistenceKeys.SequenceNrOf(events.Key), persistenceId, record.EventManifest, isDeleted: false,
                ActorRefs.NoSender, record.WriterGuid, record.Timestamp));
        }
        return Task.CompletedTask;
    }

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var batch = new WriteBatch();
        var rejections = ImmutableArray.CreateBuilder<Exception?>();
        foreach (var write in messages) rejections.Add(TryAdd(batch, write));
        if (batch.Count > 0) await _writes.Write(batch);
        return rejections.Any(rejection => rejection is not null) ? rejections.ToImmutable()! : null!;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        var to = Math.Min(toSequenceNr, HighestOf(persistenceId));
        return to < 1
            ? Task.CompletedTask
            : _writes.Write(new WriteBatch().DeleteRange(PersistenceKeys.Event(persistenceId, 1), After(persistenceId, to)));
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not EngineWrites.Again) return base.ReceivePluginInternal(message);
        _writes.GoOn();
        return true;
    }

    /// <summary>Adds the events of one write, or none of them and says why it is rejected.</summary>
    private Exception? TryAdd(WriteBatch batch, AtomicWrite write)
    {
        var records = new List<(byte[] Key, byte[] Value)>();
        try
        {
            foreach (var e in (IImmutableList<IPersistentRepresentation>)write.Payload)
            {
                var record = new PersistedRecord(e.Timestamp, e.WriterGuid ?? "", e.Manifest ?? "", e.Payload);
                records.Add((PersistenceKeys.Event(e.PersistenceId, e.SequenceNr), record.Write(_system)));
            }
        }
        catch (Exception e)
        {
            return e; // the serializer's own failure: the event has no bytes
        }

        foreach (var (key, value) in records) batch.Put(key, value);
        Span<byte> highest = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(highest, write.HighestSequenceNr);
        batch.Put(PersistenceKeys.Highest(write.PersistenceId), highest);
        return null;
    }

    private long HighestOf(string persistenceId) =>
        _store.Get(PersistenceKeys.Highest(persistenceId)) is { } bytes ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;

    /// <summary>The key just after an event's.</summary>
    private static byte[] After(string persistenceId, long sequenceNr) =>
        sequenceNr < long.MaxValue ? PersistenceKeys.Event(persistenceId, sequenceNr + 1) : [.. PersistenceKeys.Event(persistenceId, sequenceNr), 0];
}
