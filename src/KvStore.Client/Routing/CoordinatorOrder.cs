using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Client.Routing;

/// <summary>
/// In which order nodes are asked to coordinate a request. Pure. A write begins at the first primary, where it is coordinated anyway; reads
/// begin at each primary in turn, since each can coordinate them as well as the others. Then come the fallbacks, then those that have
/// been silent lately: any node takes any request, and only pays a hop for it.
/// </summary>
internal static class CoordinatorOrder
{
    /// <param name="ring">The newest ring that is known.</param>
    /// <param name="key">What the request is about.</param>
    /// <param name="isRead">Whether it is a read.</param>
    /// <param name="turn">Counts up from request to request.</param>
    /// <param name="health">Who has been silent lately.</param>
    /// <param name="now">The monotonic time.</param>
    public static List<NodeId> Of(Ring ring, BucketKey key, bool isRead, ulong turn, NodeHealth health, TimeSpan now)
    {
        var copies = ring.Buckets.Find(key.Bucket)?.Quorum.N ?? Math.Min(3, ring.Replicas);
        var list = ring.PreferenceList(key, copies);
        var primaries = list.Primaries;
        var first = isRead ? (int)(turn % (ulong)primaries.Length) : 0;
        return [.. primaries[first..].Concat(primaries[..first]).Concat(list.Fallbacks).OrderBy(node => health.IsSuspect(node, now))];
    }
}
