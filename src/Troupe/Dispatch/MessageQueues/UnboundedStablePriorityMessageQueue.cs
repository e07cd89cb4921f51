using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// Lowest priority number first, equal ones in the order of arrival. Locked: the order is kept by a heap. What was put in front
/// comes out before everything else.
/// </summary>
public class UnboundedStablePriorityMessageQueue(Func<object, int> priorityGenerator, int initialCapacity)
    : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Envelope, (int Priority, long Order)> _heap = new(initialCapacity);
    private readonly Stack<Envelope> _front = new();
    private long _arrivals;

    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_gate) return _heap.Count + _front.Count;
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        var priority = priorityGenerator(envelope.Message);
        lock (_gate) _heap.Enqueue(envelope, (priority, _arrivals++));
    }

    public void EnqueueFirst(Envelope envelope)
    {
        lock (_gate) _front.Push(envelope);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_gate) return _front.TryPop(out envelope) || _heap.TryDequeue(out envelope, out _);
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }
}
