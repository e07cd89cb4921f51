using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>The queue of one mailbox: many threads enqueue, one at a time dequeues.</summary>
public interface IMessageQueue
{
    bool HasMessages { get; }

    int Count { get; }

    void Enqueue(IActorRef receiver, Envelope envelope);

    bool TryDequeue(out Envelope envelope);

    /// <summary>Moves everything to <paramref name="deadletters"/>; the owner has stopped.</summary>
    void CleanUp(IActorRef owner, IMessageQueue deadletters);
}
