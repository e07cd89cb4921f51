using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Coordination;

/// <summary>
/// Whom to ask about one key, at one ring epoch. A plan is a value: an operation that outlives its epoch is given a new one.
/// </summary>
/// <param name="Epoch">The ring that this plan was made from; every message carries it.</param>
/// <param name="Partition">The key's partition.</param>
/// <param name="Readers">The owners that answer reads, in preference order: the old ones until the new ones may.</param>
/// <param name="Writers">The owners that must take a write, in preference order.</param>
/// <param name="NextWriters">While the partition moves, the owners-to-be that must take it too; else empty.</param>
/// <param name="Fallbacks">The nodes after them, in preference order, that may stand in.</param>
public sealed record ReplicaPlan(
    RingEpoch Epoch,
    PartitionId Partition,
    ImmutableArray<NodeId> Readers,
    ImmutableArray<NodeId> Writers,
    ImmutableArray<NodeId> NextWriters,
    ImmutableArray<NodeId> Fallbacks)
{
    /// <summary>Whether the partition moves: a write must meet its numbers among the old and among the new owners.</summary>
    public bool IsMoving => !NextWriters.IsEmpty;

    /// <summary>Every node that must take a write, each once, old owners first.</summary>
    public IEnumerable<NodeId> WriteTargets => Writers.Concat(NextWriters).Distinct();

    /// <summary>A plan for a partition that does not move.</summary>
    public static ReplicaPlan Settled(RingEpoch epoch, PartitionId partition, IEnumerable<NodeId> primaries, IEnumerable<NodeId> fallbacks)
    {
        var owners = primaries.ToImmutableArray();
        return new ReplicaPlan(epoch, partition, owners, owners, [], [.. fallbacks]);
    }

    /// <summary>Whether a node is one of the owners, old or new; else it is at most a fallback.</summary>
    public bool IsPrimary(NodeId node) => Writers.Contains(node) || NextWriters.Contains(node);

    /// <summary>
    /// Which node should coordinate: the first that can be reached, owners before fallbacks. A node outside the plan forwards
    /// to it, so that only replicas ever mint dots. Null when none can be reached.
    /// </summary>
    public NodeId? ChooseCoordinator(Func<NodeId, bool> isReachable)
    {
        foreach (var node in Writers.Concat(NextWriters).Concat(Fallbacks))
        {
            if (isReachable(node))
                return node;
        }

        return null;
    }
}
