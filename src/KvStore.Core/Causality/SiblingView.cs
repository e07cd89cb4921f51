using KvStore.Core.Identity;

namespace KvStore.Core.Causality;

/// <summary>How a bucket treats versions that know nothing of each other.</summary>
public enum ConflictPolicy : byte
{
    /// <summary>All are kept and shown; the writer merges them.</summary>
    Siblings = 0,

    /// <summary>
    /// The one with the latest timestamp is shown, ties by dot; the others go with the next write. Loses updates.
    /// </summary>
    LastWriterWins = 1,
}

/// <summary>
/// What a reader is shown of a <see cref="SiblingSet"/>: no tombstones, nothing expired, one version for each client
/// operation, and in an <c>lww</c> bucket the latest only. Pure functions of the state and the time.
/// </summary>
public static class SiblingView
{
    /// <summary>The versions to show, sorted by dot. Empty when the key is not there or deleted.</summary>
    public static IReadOnlyList<Sibling> Shown(SiblingSet set, ConflictPolicy policy, long wallMilliseconds)
    {
        var siblings = set.Siblings;
        if (siblings.Length == 1)
            return siblings[0].IsDeadAt(wallMilliseconds) ? [] : [siblings[0]];
        if (policy == ConflictPolicy.LastWriterWins)
            return Latest(set) is { } latest && !latest.IsDeadAt(wallMilliseconds) ? [latest] : [];
        var shown = new List<Sibling>(siblings.Length);
        foreach (var sibling in siblings)
        {
            if (!sibling.IsDeadAt(wallMilliseconds) && !IsRetryOfShown(shown, sibling))
                shown.Add(sibling);
        }

        return shown;
    }

    /// <summary>
    /// The version with the latest timestamp, dead or not; ties go to the greater dot. Null when there is none.
    /// </summary>
    public static Sibling? Latest(SiblingSet set)
    {
        Sibling? latest = null;
        foreach (var sibling in set.Siblings)
        {
            if (latest is null || sibling.Timestamp >= latest.Timestamp)
                latest = sibling;
        }

        return latest;
    }

    /// <summary>
    /// A version of a client operation that is in the set, or null. An operation without an id matches nothing.
    /// </summary>
    public static Sibling? FindRequest(SiblingSet set, RequestId request)
    {
        if (request.IsNone)
            return null;
        foreach (var sibling in set.Siblings)
        {
            if (sibling.Request == request)
                return sibling;
        }

        return null;
    }

    private static bool IsRetryOfShown(List<Sibling> shown, Sibling sibling) =>
        !sibling.Request.IsNone && shown.Exists(other => other.Request == sibling.Request);
}
