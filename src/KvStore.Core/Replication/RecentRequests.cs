using KvStore.Core.Causality;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>
/// The client operations whose writes a replica has seen lately, its own, those that came by merges and those that it held when they were
/// superseded, so that a retry is not applied again after that. Bounded by number and age; owned by one replica; not thread-safe.
/// </summary>
internal sealed class RecentRequests(int capacity, TimeSpan keepFor)
{
    private readonly Dictionary<RequestId, Dot> _dots = [];
    private readonly Queue<(RequestId Request, TimeSpan At)> _order = [];

    /// <summary>The dot of an operation's write, if remembered.</summary>
    public bool TryFind(RequestId request, out Dot dot)
    {
        dot = default;
        return !request.IsNone && _dots.TryGetValue(request, out dot);
    }

    /// <summary>Forgets all: what was seen may not have been stored.</summary>
    public void Clear()
    {
        _dots.Clear();
        _order.Clear();
    }

    /// <summary>Remembers the operations of all versions in a state.</summary>
    public void Remember(SiblingSet set, TimeSpan now)
    {
        foreach (var sibling in set.Siblings)
        {
            if (!sibling.Request.IsNone && _dots.TryAdd(sibling.Request, sibling.Dot))
                _order.Enqueue((sibling.Request, now));
        }

        while (_order.TryPeek(out var oldest) && (_order.Count > capacity || now - oldest.At > keepFor))
            _dots.Remove(_order.Dequeue().Request);
    }
}
