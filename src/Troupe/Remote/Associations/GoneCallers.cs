namespace Akka.Remote.Associations;

/// <summary>
/// Callers that are not connected any more, in the order in which they went, for when there are too many to remember. Those that
/// have sent system messages are the last to be forgotten: they may send the next one, and clients, which are the many, send none.
/// <para>Thread rule: any thread. Its lock is taken inside a caller's gate, and no gate inside its lock.</para>
/// Invariant: a caller is in it at most once, and not while it is connected.
/// </summary>
internal sealed class GoneCallers
{
    private readonly Lock _lock = new();
    private readonly LinkedList<InboundPeer> _plain = new();
    private readonly LinkedList<InboundPeer> _counted = new();

    /// <summary>Under the caller's gate.</summary>
    internal void Add(InboundPeer peer)
    {
        lock (_lock)
        {
            peer.Gone.List?.Remove(peer.Gone);
            (peer.LastSystem == 0 ? _plain : _counted).AddLast(peer.Gone);
        }
    }

    /// <summary>Under the caller's gate.</summary>
    internal void Remove(InboundPeer peer)
    {
        lock (_lock)
            peer.Gone.List?.Remove(peer.Gone);
    }

    /// <summary>The one to forget next. It may have come back before its gate is taken.</summary>
    internal InboundPeer? First
    {
        get
        {
            lock (_lock)
                return _plain.First?.Value ?? _counted.First?.Value;
        }
    }
}
