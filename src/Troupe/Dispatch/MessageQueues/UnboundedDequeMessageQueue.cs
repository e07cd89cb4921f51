using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>The default queue, which by its type says that it also takes messages in front.</summary>
public class UnboundedDequeMessageQueue : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    public bool HasMessages => Queue.HasMessages;

    public int Count => Queue.Count;

    internal UnboundedMessageQueue Queue { get; } = new();

    public void Enqueue(IActorRef receiver, Envelope envelope) => Queue.Enqueue(in envelope);

    public void EnqueueFirst(Envelope envelope) => Queue.EnqueueFirst(in envelope);

    public bool TryDequeue(out Envelope envelope) => Queue.TryDequeue(out envelope);

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => Queue.CleanUp(owner, deadletters);
}
