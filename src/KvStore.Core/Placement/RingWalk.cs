using System.Collections.Immutable;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// The order in which the ring is asked for replicas of a partition: its owner, then further owners clockwise, dealt in passes so
/// that each pass takes at most one node a rack. The order does not depend on N, so the first N of it are the primaries for any N.
/// </summary>
internal static class RingWalk
{
    /// <summary>All distinct owners, in order of preference for the partition.</summary>
    public static ImmutableArray<NodeId> Order(
        ImmutableArray<NodeId> owners, PartitionId partition, IReadOnlyDictionary<NodeId, string> racks, int distinctOwners)
    {
        var clockwise = Clockwise(owners, partition, distinctOwners);
        var order = ImmutableArray.CreateBuilder<NodeId>(clockwise.Count);
        var racksOfPass = new HashSet<string>(StringComparer.Ordinal);
        while (clockwise.Count > 0)
        {
            racksOfPass.Clear();
            clockwise.RemoveAll(node =>
            {
                if (!racksOfPass.Add(racks[node]))
                    return false;
                order.Add(node);
                return true;
            });
        }

        return order.MoveToImmutable();
    }

    private static List<NodeId> Clockwise(ImmutableArray<NodeId> owners, PartitionId partition, int distinctOwners)
    {
        var found = new List<NodeId>(distinctOwners);
        var seen = new HashSet<NodeId>(distinctOwners);
        for (var step = 0; step < owners.Length && found.Count < distinctOwners; step++)
        {
            var owner = owners[(partition.Value + step) % owners.Length];
            if (seen.Add(owner))
                found.Add(owner);
        }

        return found;
    }
}
