using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;

namespace Akka.Persistence.Journal;

public interface IAsyncRecovery
{
    /// <summary>
    /// Calls back for each event from one sequence number to another (both inclusive), in order, at most
    /// <paramref name="max"/> of them; the task ends after the last one.
    /// </summary>
    Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest sequence number ever written, deleted events included; 0: none.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="fromSequenceNr">A hint: it is not below this one.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken);
}

/// <summary>
/// Base of a journal plugin: a subclass writes, reads and deletes; this calls it behind a circuit breaker and answers.
/// <para>Thread rule: the subclass's methods are called in the actor; their tasks may end on any thread.</para>
/// Invariants:
/// <list type="number">
/// <item>Answers to writes go out in the order of the requests, whichever ends first.</item>
/// <item>A failed write is answered as failed for each event: whether it was written is unknown.</item>
/// </list>
/// </summary>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    internal const string Fallback = "akka.persistence.journal-plugin-fallback";

    /// <summary>Requests are also published on the event stream.</summary>
    protected readonly bool CanPublish;

    private readonly CircuitBreaker _breaker;
    private readonly Queue<JournalWrite> _writes = [];

    protected AsyncWriteJournal()
    {
        CanPublish = Context.System.Settings.Config.GetBoolean("akka.persistence.publish-plugin-commands");
        _breaker = PluginBreaker.Create(Context, PersistenceExtension.ConfigOf(Context, Fallback));
    }

    public abstract Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr,
        long max, Action<IPersistentRepresentation> recoveryCallback);

    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr,
        CancellationToken cancellationToken);

    /// <summary>
    /// Writes all. Returns null when all were written; else, for each write, null or why it was rejected (nothing of it was
    /// written). A task that fails: whether anything was written is unknown.
    /// </summary>
    protected abstract Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken);

    /// <summary>Deletes the events up to that one for good; the highest sequence number stays known.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken);

    /// <summary>The cause of an exception that only wraps one.</summary>
    protected static Exception TryUnwrapException(Exception e) =>
        e is AggregateException aggregate && aggregate.Flatten() is { InnerExceptions: [var single] } ? single : e;

    protected override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    /// <summary>For messages of the plugin's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Write(write);
                return true;
            case JournalWrite write:
                AnswerEnded(write);
                return true;
            case ReplayMessages replay:
                Replay(replay);
                return true;
            case JournalReplay replay:
                Replay(replay);
                return true;
            case DeleteMessagesTo delete:
                Delete(delete);
                return true;
            default:
                return false;
        }
    }

    private void Write(WriteMessages request)
    {
        var writes = PreparePersistentBatch(request.Messages).ToArray();
        var entry = new JournalWrite(request, writes);
        _writes.Enqueue(entry);
        if (writes.Length == 0)
        {
            entry.Ended(null, null);
            AnswerEnded(entry);
            return;
        }

        PluginBreaker.Call(_breaker, token => WriteMessagesAsync(writes, token)).PipeTo(Self,
            success: result => entry.Ended(result, null),
            failure: cause => entry.Ended(null, cause));
    }

    private void AnswerEnded(JournalWrite ended)
    {
        _ = ended;
        while (_writes.TryPeek(out var first) && first.HasEnded)
        {
            _writes.Dequeue();
            first.Answer();
        }
    }

    private void Replay(ReplayMessages request)
    {
        var known = Math.Max(0, request.FromSequenceNr - 1);
        PluginBreaker.Call(_breaker, token => ReadHighestSequenceNrAsync(request.PersistenceId, known, token)).PipeTo(Self,
            success: highest => new JournalReplay(request, highest, null),
            failure: cause => new JournalReplay(request, 0, cause));
        if (CanPublish) Context.System.EventStream.Publish(request);
    }

    private void Replay(JournalReplay replay)
    {
        var request = replay.Request;
        if (replay.Failure is { } failure)
        {
            request.PersistentActor.Tell(new ReplayMessagesFailure(TryUnwrapException(failure)), Self);
            return;
        }

        ReplayUpTo(request, Math.Min(request.ToSequenceNr, replay.Highest)).PipeTo(request.PersistentActor, Self,
            success: () => new RecoverySuccess(replay.Highest),
            failure: cause => new ReplayMessagesFailure(TryUnwrapException(cause)));
    }

    private Task ReplayUpTo(ReplayMessages request, long toSequenceNr)
    {
        if (request.FromSequenceNr > toSequenceNr || request.Max <= 0) return Task.CompletedTask;
        try
        {
            return ReplayMessagesAsync(Context, request.PersistenceId, request.FromSequenceNr, toSequenceNr, request.Max,
                persistent =>
                {
                    if (!persistent.IsDeleted) request.PersistentActor.Tell(new ReplayedMessage(persistent), ActorRefs.NoSender);
                });
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    private void Delete(DeleteMessagesTo request)
    {
        PluginBreaker.Call(_breaker, async token =>
        {
            await DeleteMessagesToAsync(request.PersistenceId, request.ToSequenceNr, token);
            return true;
        }).PipeTo(request.PersistentActor, Self,
            success: _ => new DeleteMessagesSuccess(request.ToSequenceNr),
            failure: cause => new DeleteMessagesFailure(TryUnwrapException(cause), request.ToSequenceNr));
        if (CanPublish) Context.System.EventStream.Publish(request);
    }
}
