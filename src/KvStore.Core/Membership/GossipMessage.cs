using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Membership;

/// <summary>The three messages of one push-pull exchange. Nothing in them changes who owns what.</summary>
public abstract record GossipMessage(ClusterId Cluster)
{
    /// <summary>How new everything is that the sender has heard.</summary>
    public sealed record Offer(ClusterId Cluster, ImmutableArray<HeartbeatDigest> Digests) : GossipMessage(Cluster);

    /// <summary>What the other side lacks, and for whom it seems to have something newer.</summary>
    public sealed record Exchange(
        ClusterId Cluster, ImmutableArray<Heartbeat> Newer, ImmutableArray<NodeId> Wanted) : GossipMessage(Cluster);

    /// <summary>What was wanted.</summary>
    public sealed record Rest(ClusterId Cluster, ImmutableArray<Heartbeat> Newer) : GossipMessage(Cluster);
}
