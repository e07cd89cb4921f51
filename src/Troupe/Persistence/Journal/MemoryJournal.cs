using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// A journal in memory, for tests: its events end with the actor system.
/// Invariant: a persistence id's highest sequence number is kept when its events are deleted.
/// </summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, LinkedList<IPersistentRepresentation>> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);

    /// <summary>Events by persistence id, in the order of their sequence numbers.</summary>
    protected virtual ConcurrentDictionary<string, LinkedList<IPersistentRepresentation>> Messages => _messages;

    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr,
        long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var persistent in Read(persistenceId, fromSequenceNr, toSequenceNr, max)) recoveryCallback(persistent);
        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr,
        CancellationToken cancellationToken) => Task.FromResult(HighestSequenceNr(persistenceId));

    public long HighestSequenceNr(string pid) =>
        Math.Max(_highest.GetValueOrDefault(pid), Messages.TryGetValue(pid, out var events) ? events.Last?.Value.SequenceNr ?? 0 : 0);

    public IEnumerable<IPersistentRepresentation> Read(string pid, long fromSeqNr, long toSeqNr, long max)
    {
        if (!Messages.TryGetValue(pid, out var events)) return [];
        return events.Where(e => e.SequenceNr >= fromSeqNr && e.SequenceNr <= toSeqNr)
            .Take(max > int.MaxValue ? int.MaxValue : (int)max)
            .ToArray();
    }

    public IDictionary<string, LinkedList<IPersistentRepresentation>> Add(IPersistentRepresentation persistent)
    {
        Messages.GetOrAdd(persistent.PersistenceId, static _ => []).AddLast(persistent);
        return Messages;
    }

    public IDictionary<string, LinkedList<IPersistentRepresentation>> Delete(string pid, long seqNr)
    {
        if (!Messages.TryGetValue(pid, out var events)) return Messages;
        _highest[pid] = HighestSequenceNr(pid);
        for (var entry = events.First; entry is not null;)
        {
            var next = entry.Next;
            if (entry.Value.SequenceNr == seqNr) events.Remove(entry);
            entry = next;
        }

        return Messages;
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken)
    {
        foreach (var write in messages)
        {
            foreach (var persistent in (IImmutableList<IPersistentRepresentation>)write.Payload) Add(persistent);
        }

        return Task.FromResult<IImmutableList<Exception>>(null!);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        if (!Messages.TryGetValue(persistenceId, out var events)) return Task.CompletedTask;
        _highest[persistenceId] = HighestSequenceNr(persistenceId);
        while (events.First is { } first && first.Value.SequenceNr <= toSequenceNr) events.RemoveFirst();
        return Task.CompletedTask;
    }
}
