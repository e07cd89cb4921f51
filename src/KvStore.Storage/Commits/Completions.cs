using KvStore.Storage.Format;

namespace KvStore.Storage.Commits;

/// <summary>
/// Those who wait for a sync without a thread of their own. Used under the store's gate, except that callbacks are called outside it.
///
/// 1. Each callback is called once, in the order of the writes, by one thread at a time.
/// 2. Nothing is allocated for a wait once the queues have grown to what is under way at one time.
/// </summary>
internal sealed class Completions(StoreContext context)
{
    private readonly Queue<(SequenceNumber Sequence, Action<WriteCompletion> Callback)> _waiting = new();
    private readonly Queue<(WriteCompletion Completion, Action<WriteCompletion> Callback)> _due = new();
    private bool _calling;

    internal bool AnyWaiting => _waiting.Count > 0;

    internal bool AnyDue => _due.Count > 0;

    /// <summary>Nobody waits, and nobody is being called: whoever does not have to wait comes after all before it.</summary>
    internal bool IsIdle => _waiting.Count == 0 && _due.Count == 0 && !_calling;

    internal void Add(SequenceNumber sequence, Action<WriteCompletion> callback) => _waiting.Enqueue((sequence, callback));

    /// <summary>Writes up to this number are visible.</summary>
    internal void Reached(ulong visible)
    {
        while (_waiting.TryPeek(out var first) && first.Sequence.Value <= visible)
        {
            _waiting.Dequeue();
            _due.Enqueue((new WriteCompletion(first.Sequence, null), first.Callback));
        }
    }

    internal void FailAll(Exception cause)
    {
        while (_waiting.TryDequeue(out var waiter))
            _due.Enqueue((new WriteCompletion(waiter.Sequence, cause), waiter.Callback));
    }

    /// <summary>Calls whom it is due to. Does not hold the gate while it calls. When another thread is at it already, that one calls
    /// them all.</summary>
    internal void CallDue()
    {
        lock (context.Gate)
        {
            if (_calling)
                return;
            _calling = true;
        }

        while (true)
        {
            (WriteCompletion Completion, Action<WriteCompletion> Callback) next;
            lock (context.Gate)
            {
                if (!_due.TryDequeue(out next))
                {
                    _calling = false;
                    context.Scheduler.Wake(context.Gate);
                    return;
                }
            }

            next.Callback(next.Completion);
        }
    }

    /// <summary>Returns when every callback that is due has returned.</summary>
    internal void CallAll()
    {
        CallDue();
        lock (context.Gate)
        {
            while (_calling)
                context.Scheduler.Wait(context.Gate, Timeout.InfiniteTimeSpan);
        }
    }
}
