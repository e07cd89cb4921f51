using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// How many partitions each member should own: its share by weight, rounded down or up, never further off. Of all such roundings it
/// takes one that moves the fewest partitions: whoever owns more than its rounded-down share already is rounded up first.
/// </summary>
internal static class RingShares
{
    /// <summary>The target of each staying member; the targets add up to the number of partitions.</summary>
    public static Dictionary<NodeId, int> Of(
        IReadOnlyList<RingMember> staying, int partitionCount, IReadOnlyDictionary<NodeId, int> owned)
    {
        long total = staying.Sum(member => member.Weight);
        var targets = staying.ToDictionary(member => member.Id, member => (int)(member.Weight * (long)partitionCount / total));
        var left = partitionCount - targets.Values.Sum();
        var roundedUp = staying
            .Where(member => member.Weight * (long)partitionCount % total != 0)
            .OrderByDescending(member => owned.GetValueOrDefault(member.Id) > targets[member.Id])
            .ThenByDescending(member => member.Weight * (long)partitionCount % total)
            .ThenBy(member => member.Id)
            .Take(left);
        foreach (var member in roundedUp.ToList())
            targets[member.Id]++;
        return targets;
    }
}
