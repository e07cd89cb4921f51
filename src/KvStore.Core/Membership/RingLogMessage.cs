using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;

namespace KvStore.Core.Membership;

/// <summary>What the ring logs of two nodes say to each other. Each names its cluster; another one's is answered with a refusal.</summary>
public abstract record RingLogMessage(ClusterId Cluster)
{
    /// <summary>Phase 1 for the epoch <paramref name="Slot"/>; answered with <see cref="Answer"/>, Learned or Behind.</summary>
    public sealed record Prepare(ClusterId Cluster, RingEpoch Slot, Ballot Ballot) : RingLogMessage(Cluster);

    /// <summary>Phase 2 for the epoch of <paramref name="Ring"/>; answered like phase 1.</summary>
    public sealed record Accept(ClusterId Cluster, Ballot Ballot, Ring Ring) : RingLogMessage(Cluster);

    /// <summary>A voter's answer to phase 1 or 2.</summary>
    public sealed record Answer(ClusterId Cluster, RingEpoch Slot, AcceptorReply<Ring> Reply) : RingLogMessage(Cluster);

    /// <summary>A ring that was decided. Sent to members after a decision, and to whoever shows that it does not know.</summary>
    public sealed record Learned(Ring Ring) : RingLogMessage(Ring.Cluster);

    /// <summary>The sender has only this epoch; answered with Learned by whoever has a newer one.</summary>
    public sealed record Behind(ClusterId Cluster, RingEpoch Current) : RingLogMessage(Cluster);

    /// <summary>The sender belongs to another cluster, named here. Nothing was changed.</summary>
    public sealed record OtherCluster(ClusterId Cluster) : RingLogMessage(Cluster);
}
