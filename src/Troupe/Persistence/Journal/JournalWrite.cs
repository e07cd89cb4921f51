using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// One request to write, from its start to its answers. It is also the message that says to the journal that it has ended.
/// <para>Thread rule: the journal's, but for <see cref="Ended"/>, which is called before that message is sent.</para>
/// </summary>
internal sealed class JournalWrite(WriteMessages request, AtomicWrite[] writes) : INoSerializationVerificationNeeded
{
    private IImmutableList<Exception>? _rejections;
    private Exception? _failure;

    public bool HasEnded { get; private set; }

    public JournalWrite Ended(IImmutableList<Exception>? rejections, Exception? failure)
    {
        _rejections = rejections is { Count: 0 } ? null : rejections;
        _failure = failure;
        if (_rejections is { } results && results.Count != writes.Length)
            _failure = new InvalidOperationException(
                $"AsyncWriteMessages returned invalid number of results. Expected [{writes.Length}], but got [{results.Count}].");
        HasEnded = true;
        return this;
    }

    public void Answer()
    {
        var actor = request.PersistentActor;
        actor.Tell(_failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(_failure, writes.Length),
            ActorRefs.NoSender);
        var index = 0;
        foreach (var envelope in request.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                actor.Tell(new LoopMessageSuccess(envelope.Payload, request.ActorInstanceId), envelope.Sender);
                continue;
            }

            var rejection = _rejections?[index++];
            foreach (var persistent in (IImmutableList<IPersistentRepresentation>)write.Payload)
                actor.Tell(AnswerFor(persistent, rejection), persistent.Sender);
        }
    }

    private IJournalResponse AnswerFor(IPersistentRepresentation persistent, Exception? rejection) =>
        _failure is not null ? new WriteMessageFailure(persistent, _failure, request.ActorInstanceId)
        : rejection is not null ? new WriteMessageRejected(persistent, rejection, request.ActorInstanceId)
        : new WriteMessageSuccess(persistent, request.ActorInstanceId);
}

/// <summary>A replay whose highest sequence number is known, or could not be read.</summary>
internal sealed class JournalReplay(ReplayMessages request, long highest, Exception? failure) : INoSerializationVerificationNeeded
{
    public ReplayMessages Request { get; } = request;

    public long Highest { get; } = highest;

    public Exception? Failure { get; } = failure;
}
