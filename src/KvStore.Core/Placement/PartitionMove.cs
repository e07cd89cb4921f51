using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>What changes for one partition between the owners and the next owners of a ring.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Old">Its primaries before.</param>
/// <param name="New">Its primaries after.</param>
/// <param name="Fills">One for each new primary that was none before.</param>
/// <param name="Bytes">How much there is to stream, by the estimate given to the planner; 0 when there was none.</param>
public sealed record PartitionMove(
    PartitionId Partition,
    ImmutableArray<NodeId> Old,
    ImmutableArray<NodeId> New,
    ImmutableArray<ReplicaFill> Fills,
    long Bytes)
{
    /// <summary>Whether acknowledged writes might be missing from what the new primaries are filled from.</summary>
    public bool IsAtRisk => Fills.Any(fill => !fill.IsComplete);

    /// <summary>The move of a partition of a ring that changes; null when its replicas stay the same.</summary>
    public static PartitionMove? Of(Ring ring, PartitionId partition, long bytes = 0)
    {
        var old = FirstOf(ring.OldOrder(partition), ring.Replicas);
        var next = FirstOf(ring.NewOrder(partition), ring.Replicas);
        var gained = next.RemoveRange(old);
        var lost = old.RemoveRange(next);
        if (gained.IsEmpty && lost.IsEmpty)
            return null;
        var fills = gained.Select((receiver, slot) => FillOf(ring, receiver, slot < lost.Length ? lost[slot] : NodeId.None, old));
        return new PartitionMove(partition, old, next, [.. fills], bytes * gained.Length);
    }

    private static ReplicaFill FillOf(Ring ring, NodeId receiver, NodeId predecessor, ImmutableArray<NodeId> old)
    {
        if (!predecessor.IsNone && !IsLost(ring, predecessor))
            return new ReplicaFill(receiver, predecessor, [predecessor], IsComplete: true);
        var writeQuorum = old.Length / 2 + 1;
        var needed = old.Length - writeQuorum + 1;
        ImmutableArray<NodeId> sources = [.. old.Where(node => node != predecessor && !IsLost(ring, node)).Take(needed)];
        return new ReplicaFill(receiver, predecessor, sources, sources.Length == needed);
    }

    private static bool IsLost(Ring ring, NodeId node) => ring.Member(node)!.Status == RingMemberStatus.Removing;

    private static ImmutableArray<NodeId> FirstOf(ImmutableArray<NodeId> order, int n) => order.Length <= n ? order : order[..n];
}
