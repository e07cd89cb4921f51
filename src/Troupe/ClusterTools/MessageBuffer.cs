using Akka.Actor;

namespace Akka.Cluster.Tools;

/// <summary>Messages with their senders that wait for a receiver, in order; a full one drops its oldest. One owner.</summary>
internal sealed class MessageBuffer(int capacity)
{
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>False when a message was lost for it: the oldest, or this one where nothing is kept.</summary>
    public bool Add(object message, IActorRef sender)
    {
        if (capacity == 0) return false;
        var full = _waiting.Count == capacity;
        if (full) _waiting.Dequeue();
        _waiting.Enqueue((message, sender));
        return !full;
    }

    public void PassTo(IActorRef receiver)
    {
        while (_waiting.TryDequeue(out var next)) receiver.Tell(next.Message, next.Sender);
    }
}
