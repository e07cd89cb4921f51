namespace KvStore.Core.Tests.Checking;

/// <summary>
/// Decides in O(n log n) whether a history of reads and writes of distinct values on one register is linearizable: Gibbons and Korach,
/// "Testing shared memories" (1997). Each value has a zone between the first end and the last begin of the operations on it;
/// zones that must be ordered one after the other may not overlap.
/// </summary>
public static class ZoneChecker
{
    public static LinearizabilityVerdict Check(IEnumerable<RegisterCall> history)
    {
        var clusters = history.Append(RegisterCall.Write(-2, -1, 0))
            .Where(call => call.Kind == CallKind.Write || !call.IsUnknown)
            .GroupBy(call => call.Kind == CallKind.Read ? call.Observed : call.Argument);
        var zones = new List<(long From, long To, bool IsForward)>();
        foreach (var cluster in clusters)
        {
            var writes = cluster.Where(call => call.Kind == CallKind.Write).ToList();
            var reads = cluster.Where(call => call.Kind == CallKind.Read).ToList();
            if (writes.Count != 1 || reads.Any(read => read.Returned < writes[0].Invoked))
                return LinearizabilityVerdict.Violation;
            if (writes[0].IsUnknown && reads.Count == 0)
                continue;
            var firstEnd = cluster.Min(call => call.Returned);
            var lastBegin = cluster.Max(call => call.Invoked);
            zones.Add((Math.Min(firstEnd, lastBegin), Math.Max(firstEnd, lastBegin), firstEnd < lastBegin));
        }

        return AreOrdered(zones) ? LinearizabilityVerdict.Linearizable : LinearizabilityVerdict.Violation;
    }

    private static bool AreOrdered(List<(long From, long To, bool IsForward)> zones)
    {
        var forward = zones.Where(zone => zone.IsForward).OrderBy(zone => zone.From).ToList();
        for (var i = 1; i < forward.Count; i++)
        {
            if (forward[i].From < forward[i - 1].To)
                return false;
        }

        var starts = forward.Select(zone => zone.From).ToList();
        foreach (var zone in zones.Where(zone => !zone.IsForward))
        {
            var index = starts.BinarySearch(zone.From);
            var before = index >= 0 ? index : ~index - 1;
            if (before >= 0 && forward[before].From < zone.From && zone.To < forward[before].To)
                return false;
        }

        return true;
    }
}
