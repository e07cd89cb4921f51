namespace Akka.Actor;

/// <summary>
/// The stash of one instance of an actor: a list, and back in front of the cell's mailbox.
/// Invariants: 1. a message is in it once at a time; 2. unstashed messages come in the order in which they first came; 3. a Terminated
/// that was put aside is heard when it comes again.
/// </summary>
internal sealed class MessageStash(ActorCell cell, int capacity) : IStash
{
    public const int Unbounded = -1;

    private readonly List<Envelope> _messages = [];
    private bool _stashedCurrent;
    private long _stashedAt;

    public int Count => _messages.Count;

    public bool IsEmpty => _messages.Count == 0;

    public bool NonEmpty => _messages.Count > 0;

    public int Capacity => capacity;

    public bool IsFull => capacity >= 0 && _messages.Count >= capacity;

    public void Stash()
    {
        var message = cell.CurrentMessage
            ?? throw new IllegalActorStateException("There is no message to stash: none is being handled.");
        if (_stashedCurrent && _stashedAt == cell.MessagesHandled)
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        if (IsFull)
            throw new StashOverflowException(
                $"The stash of {cell.Self} is full with {capacity} messages; the message of type {message.GetType()} was not put "
                + "aside. Unstash earlier, or raise stash-capacity.");
        _messages.Add(new Envelope(message, cell.Sender));
        _stashedCurrent = true;
        _stashedAt = cell.MessagesHandled;
    }

    public void Unstash()
    {
        if (IsEmpty) return;
        PutBack(_messages[0]);
        _messages.RemoveAt(0);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (IsEmpty) return;
        var all = _messages.ToArray();
        _messages.Clear();
        for (var i = all.Length - 1; i >= 0; i--)
        {
            if (predicate(all[i])) PutBack(all[i]);
        }
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _messages.ToArray();
        _messages.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        var added = envelopes.ToArray();
        if (capacity >= 0 && _messages.Count + added.Length > capacity)
            throw new StashOverflowException(
                $"The stash of {cell.Self} has no room for {added.Length} more messages ({capacity} at most).");
        _messages.InsertRange(0, added);
    }

    private void PutBack(in Envelope envelope)
    {
        if (envelope.Message is Terminated terminated) cell.TerminatedQueuedFor(terminated.ActorRef);
        cell.Mailbox.EnqueueFirst(envelope);
    }
}
