using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>What every journal does before it writes.</summary>
public abstract class WriteJournalBase : ActorBase
{
    /// <summary>The writes among the envelopes, as they are kept: with a time, without senders.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        var now = Context.System.Scheduler.Now.UtcTicks;
        var writes = new List<AtomicWrite>();
        foreach (var envelope in resequenceables)
        {
            if (envelope is not AtomicWrite write) continue;
            var events = (IImmutableList<IPersistentRepresentation>)write.Payload;
            writes.Add(new AtomicWrite(events.Select(e =>
                e.Update(e.SequenceNr, e.PersistenceId, e.IsDeleted, ActorRefs.NoSender, e.WriterGuid).WithTimestamp(now))
                .ToImmutableArray()));
        }

        return writes;
    }
}
