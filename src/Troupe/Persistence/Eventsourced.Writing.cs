using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private readonly Queue<PendingHandler> _pending = [];
    private readonly List<IPersistentEnvelope> _batch = [];
    private readonly List<IPersistentEnvelope> _journalBatch = [];
    private int _pendingStashing;
    private bool _writeInProgress;

    /// <summary>
    /// Writes the event, then calls the handler with it; commands wait until then. The handler may change the state, reply and
    /// persist more; Sender is that of the command.
    /// </summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        MustBeRecovered();
        Add(@event, handler, stashing: true);
        _batch.Add(new AtomicWrite(Next(@event!)));
    }

    /// <summary>As <see cref="Persist"/> for several events, which are written all or not at all.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashing: true);

    /// <summary>As <see cref="Persist"/>, but the next commands are handled meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        MustBeRecovered();
        Add(@event, handler, stashing: false);
        _batch.Add(new AtomicWrite(Next(@event!)));
    }

    /// <summary>As <see cref="PersistAll"/>, but the next commands are handled meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        AddAll(events, handler, stashing: false);

    /// <summary>Calls the handler after those of everything persisted so far; at once when there are none. Writes nothing.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        MustBeRecovered();
        if (_pending.Count == 0)
        {
            handler(evt);
            return;
        }

        Add(evt, handler, stashing: false);
        _batch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Whether the event was written is unknown; the actor stops after this. By default it logs the cause.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}]",
            @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>The journal refused the event, and its handler will not run; the actor goes on. By default it logs the cause.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}]",
            @event.GetType(), sequenceNr, PersistenceId);

    private void MustBeRecovered()
    {
        if (IsRecovering)
            throw new InvalidOperationException(
                "Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }

    private void AddAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool stashing)
    {
        MustBeRecovered();
        if (events is null) return;
        var persistent = ImmutableArray.CreateBuilder<IPersistentRepresentation>();
        foreach (var @event in events)
        {
            Add(@event, handler, stashing);
            persistent.Add(Next(@event!));
        }

        if (persistent.Count > 0) _batch.Add(new AtomicWrite(persistent.ToImmutable()));
    }

    private void Add<TEvent>(TEvent @event, Action<TEvent> handler, bool stashing)
    {
        _pending.Enqueue(new PendingHandler(payload => handler((TEvent)payload), stashing));
        if (stashing) _pendingStashing++;
    }

    private Persistent Next(object @event) =>
        new(@event, ++_sequenceNr, PersistenceId, manifest: null, isDeleted: false, Sender, _writer);

    private void HandleCommand(Receive receive, object message)
    {
        if (message is RecoveryTick) return;
        if (_phase == Phase.Persisting)
        {
            _internalStash.Stash();
            return;
        }

        try
        {
            base.AroundReceive(receive, message);
        }
        catch
        {
            if (!_asyncTaskRunning) CommandHandled(failed: true);
            throw;
        }

        if (!_asyncTaskRunning) CommandHandled(failed: false);
    }

    private void CommandHandled(bool failed)
    {
        FlushBatch();
        if (_pendingStashing > 0) _phase = Phase.Persisting;
        else Unstash(all: failed);
    }

    /// <summary>What the journal says of this instance's writes; an answer to an earlier instance is dropped.</summary>
    private bool TryHandleAnswer(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess written:
                if (written.ActorInstanceId == _instance) OnWritten(written.Persistent);
                return true;
            case LoopMessageSuccess loop:
                if (loop.ActorInstanceId == _instance) RunHandler(loop.Message);
                return true;
            case WriteMessageRejected rejected:
                if (rejected.ActorInstanceId == _instance) OnRejected(rejected);
                return true;
            case WriteMessageFailure failure:
                if (failure.ActorInstanceId == _instance) OnFailed(failure);
                return true;
            case WriteMessagesSuccessful or WriteMessagesFailed:
                _writeInProgress = false;
                if (message is WriteMessagesSuccessful) FlushJournalBatch();
                return true;
            default:
                return false;
        }
    }

    private void OnWritten(IPersistentRepresentation persistent)
    {
        LastSequenceNr = Math.Max(LastSequenceNr, persistent.SequenceNr);
        RunHandler(persistent.Payload);
    }

    private void OnRejected(WriteMessageRejected rejected)
    {
        var persistent = rejected.Persistent;
        LastSequenceNr = Math.Max(LastSequenceNr, persistent.SequenceNr);
        HandlerDone(failed: false);
        OnPersistRejected(rejected.Cause, persistent.Payload, persistent.SequenceNr);
    }

    private void OnFailed(WriteMessageFailure failure)
    {
        HandlerDone(failed: false);
        try
        {
            OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private void RunHandler(object payload)
    {
        var failed = true;
        try
        {
            _pending.Peek().Handler(payload);
            failed = false;
        }
        finally
        {
            FlushBatch();
            HandlerDone(failed);
        }
    }

    private void HandlerDone(bool failed)
    {
        if (_pending.Dequeue().Stashing) _pendingStashing--;
        if (_phase == Phase.Persisting)
        {
            if (_pendingStashing > 0) return;
            _phase = Phase.ProcessingCommands;
            Unstash(failed);
        }
        else if (_pendingStashing > 0)
        {
            _phase = Phase.Persisting; // a handler of PersistAsync has called Persist
        }
        else
        {
            Unstash(failed);
        }
    }

    private void Unstash(bool all)
    {
        if (all) _internalStash.UnstashAll();
        else _internalStash.Unstash();
    }

    private void FlushBatch()
    {
        if (_batch.Count == 0) return;
        _journalBatch.AddRange(_batch);
        _batch.Clear();
        if (!_writeInProgress) FlushJournalBatch();
    }

    private void FlushJournalBatch()
    {
        if (_writeInProgress || _journalBatch.Count == 0) return;
        Journal.Tell(new WriteMessages(_journalBatch.ToArray(), Self, _instance));
        _journalBatch.Clear();
        _writeInProgress = true;
    }

    /// <param name="Handler">Gets the event back from the journal's answer.</param>
    /// <param name="Stashing">Commands wait for it.</param>
    private readonly record struct PendingHandler(Action<object> Handler, bool Stashing);
}
