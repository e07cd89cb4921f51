using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// Draws up rings: the first one of a cluster, and the plan for a change. Pure and deterministic; what it draws up takes effect only
/// through the ring log.
/// Laws: (1) each member owns its share by weight, rounded down or up; (2) no plan moves more partitions than that needs;
/// (3) each partition has min(N, nodes) distinct replicas in every epoch of the change.
/// </summary>
public static class RingPlanner
{
    /// <summary>The first ring of a cluster: the members given, balanced, with nothing under way.</summary>
    /// <param name="cluster">The id drawn for it.</param>
    /// <param name="members">Who is in it; the order does not matter.</param>
    /// <param name="partitionCount">Q: a power of two, 64 to 4,096; it cannot be changed later.</param>
    /// <param name="replicas">The most copies that any bucket will ask for.</param>
    /// <exception cref="ArgumentException">The parts do not make a ring.</exception>
    public static Ring Create(
        ClusterId cluster,
        IEnumerable<RingMember> members,
        int partitionCount = Ring.DefaultPartitions,
        int replicas = 3)
    {
        ImmutableArray<RingMember> sorted = [.. members.OrderBy(member => member.Id)];
        RingShape.CheckMembers(sorted);
        RingShape.CheckPartitionCount(partitionCount);
        var targets = RingShares.Of(sorted, partitionCount, new Dictionary<NodeId, int>());
        var nobody = ImmutableArray.Create(new NodeId[partitionCount]);
        return new Ring(cluster, RingEpoch.First, replicas, sorted, RingClaim.Claim(nobody, sorted, replicas, targets));
    }
}
