using KvStore.Core.Placement;

namespace KvStore.Node.Membership;

/// <summary>
/// The newest ring that this node knows to be decided; none before it is a member of a cluster. Written by the ring's owner alone, when
/// the ring is on this node's disk; read from any thread. A reader that plans a request takes it once and keeps to it.
/// </summary>
public sealed class CurrentRing
{
    private volatile Ring? _ring;

    /// <summary>The ring, or null: the node is no member yet, and serves nothing.</summary>
    public Ring? Value => _ring;

    internal void Publish(Ring ring) => _ring = ring;

    /// <summary>On the event stream, after <see cref="Value"/> has changed.</summary>
    public sealed record RingChanged(Ring Ring);

    /// <summary>On the event stream: this node is not in the ring any more and has nothing left to serve.</summary>
    public sealed record Excluded(Ring Ring);
}
