namespace KvStore.Node.Disk;

/// <summary>Which keys of a partition are to be listed: those of some leaves of its hash tree, or those of which only tombstones are left.</summary>
/// <param name="Level">The leaves' level.</param>
/// <param name="Leaves">The leaves; null for all keys.</param>
/// <param name="DeadAt">Only what is deleted or expired at this moment, in milliseconds since 1970 (UTC); 0 for all.</param>
/// <param name="Max">How many at most.</param>
public sealed record ListingWanted(int Level, IReadOnlySet<int>? Leaves, long DeadAt, int Max)
{
    public static ListingWanted Of(int level, IEnumerable<int> leaves) => new(level, leaves.ToHashSet(), DeadAt: 0, int.MaxValue);

    public static ListingWanted Dead(long wallMilliseconds, int max) => new(0, Leaves: null, wallMilliseconds, max);
}
