using KvStore.Core.Identity;

namespace KvStore.Core.Membership;

/// <summary>What a <see cref="GossipTable"/> wants done.</summary>
public abstract record GossipEffect
{
    private GossipEffect()
    {
    }

    /// <summary>Send to a peer.</summary>
    public sealed record Send(NodeId To, GossipMessage Message) : GossipEffect;

    /// <summary>Publish the new opinion.</summary>
    public sealed record ReachabilityChanged(Reachability Reachability) : GossipEffect;

    /// <summary>A peer has a newer ring than this node: the ring log should ask it.</summary>
    public sealed record NewerRingSeen(NodeId Peer, RingEpoch Epoch) : GossipEffect;

    /// <summary>A peer has started anew, or for the first time: what was known of its old process is void.</summary>
    public sealed record PeerStarted(NodeId Peer, uint Start, string Address) : GossipEffect;
}
