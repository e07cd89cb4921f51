using KvStore.Storage.Format;

namespace KvStore.Storage.Commits;

/// <summary>
/// The threads that wait for somebody else's sync, each on an object of its own: a sync wakes those it covered and one more, who
/// runs the next, and not all of them to look and go back to sleep. Used under the store's gate, except where said.
/// </summary>
internal sealed class WaitingWriters(StoreContext context)
{
    [ThreadStatic]
    private static Waiter? _own;

    private readonly Stack<List<Waiter>> _lists = new();
    private List<Waiter> _waiting = [];

    /// <summary>Joins those who wait. <see cref="Await"/> follows, outside the gate.</summary>
    internal void Join(SequenceNumber sequence)
    {
        Waiter own = _own ??= new Waiter();
        own.Sequence = sequence;
        own.Called = false;
        _waiting.Add(own);
    }

    /// <summary>Returns when the calling thread has been called. Outside the gate.</summary>
    internal void Await()
    {
        Waiter own = _own!;
        lock (own)
        {
            while (!own.Called)
                context.Scheduler.Wait(own, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes out those whose writes are visible, or all, and one more, who comes first: there is work for them.</summary>
    /// <returns>To be given to <see cref="Call"/>, outside the gate, and then to <see cref="Recycle"/>.</returns>
    internal List<Waiter> TakeDue(ulong visible, bool all)
    {
        List<Waiter> due = _lists.TryPop(out List<Waiter>? list) ? list : [];
        List<Waiter> rest = _lists.TryPop(out list) ? list : [];
        bool led = false;
        foreach (Waiter waiter in _waiting)
        {
            if (all || waiter.Sequence.Value <= visible)
            {
                due.Add(waiter);
            }
            else if (!led)
            {
                due.Insert(0, waiter);
                led = true;
            }
            else
            {
                rest.Add(waiter);
            }
        }

        _waiting.Clear();
        _lists.Push(_waiting);
        _waiting = rest;
        return due;
    }

    internal void Call(List<Waiter> due)
    {
        foreach (Waiter waiter in due)
        {
            lock (waiter)
            {
                waiter.Called = true;
                context.Scheduler.Wake(waiter);
            }
        }
    }

    internal void Recycle(List<Waiter> due)
    {
        due.Clear();
        _lists.Push(due);
    }

    internal sealed class Waiter
    {
        internal SequenceNumber Sequence;
        internal bool Called;
    }
}
