using Akka.Actor;

namespace Akka.Remote.Associations;

/// <summary>
/// What is remembered of a caller between its connections. Its gate is held while a connection of this caller processes what
/// it read, so that a newer connection's messages never overtake an older one's.
/// <para>Thread rule: everything under <see cref="Gate"/>; <see cref="Gone"/> is that list's.</para>
/// Invariants: 1. only the current connection delivers; 2. within one incarnation attempts only rise; 3. a system message is
/// delivered at most once, in order.
/// </summary>
internal sealed class InboundPeer
{
    private const int RememberedUids = 16;

    private readonly Queue<int> _earlierUids = new();

    internal InboundPeer(Address address) => (Address, Gone) = (address, new LinkedListNode<InboundPeer>(this));

    internal Lock Gate { get; } = new();

    internal Address Address { get; }

    /// <summary>Its place among those that are not connected.</summary>
    internal LinkedListNode<InboundPeer> Gone { get; }

    internal InboundConnection? Current { get; private set; }

    internal int Uid { get; private set; }

    internal long Attempt { get; private set; }

    /// <summary>The number of the last system message delivered from this incarnation.</summary>
    internal ulong LastSystem { get; set; }

    /// <summary>Taken out of remoting's memory: who finds this looks again.</summary>
    internal bool IsForgotten { get; set; }

    /// <summary>
    /// Is this connection older than one that was accepted already? Which of two incarnations is the later one nobody can tell: a dead
    /// one's delayed connection may come last, and seem so. So an earlier one is turned away only while another is connected.
    /// </summary>
    internal bool IsStale(int uid, long attempt) =>
        uid == Uid ? attempt <= Attempt : Current is not null && _earlierUids.Contains(uid);

    /// <summary>Makes this the current connection and returns the one that it displaces.</summary>
    internal InboundConnection? Accept(InboundConnection connection, int uid, long attempt)
    {
        if (uid != Uid)
        {
            if (Uid != 0)
                _earlierUids.Enqueue(Uid);
            if (_earlierUids.Count > RememberedUids)
                _earlierUids.Dequeue();
            LastSystem = 0;
        }
        var displaced = Current;
        (Current, Uid, Attempt) = (connection, uid, attempt);
        return displaced;
    }

    internal bool Leave(InboundConnection connection)
    {
        if (!ReferenceEquals(Current, connection))
            return false;
        Current = null;
        return true;
    }
}
