using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;

namespace KvStore.Node.Disk;

/// <summary>Which keys of a partition are to be listed: those of some leaves of its hash tree, those of which only tombstones
/// are left, or those of a state that somebody looks for.</summary>
/// <param name="Level">The leaves' level.</param>
/// <param name="Leaves">The leaves; null for all keys.</param>
/// <param name="DeadAt">Only what is deleted or expired at this moment, in milliseconds since 1970 (UTC); 0 for all.</param>
/// <param name="Max">How many at most.</param>
public sealed record ListingWanted(int Level, IReadOnlySet<int>? Leaves, long DeadAt, int Max)
{
    /// <summary>Only states like this; null for all. Asked on the reader's thread.</summary>
    public Func<SiblingSet, bool>? If { get; init; }

    /// <summary>Only keys in here; the listing is in their order.</summary>
    public KeyRange Range { get; init; } = KeyRange.All;

    public static ListingWanted Of(ExchangeEffect.ListKeys list) =>
        new(list.Level, list.Leaves.ToHashSet(), DeadAt: 0, list.Most) { Range = list.Range };

    public static ListingWanted Dead(long wallMilliseconds, int max) => new(0, Leaves: null, wallMilliseconds, max);

    public static ListingWanted Where(Func<SiblingSet, bool> isWanted) => new(0, Leaves: null, DeadAt: 0, int.MaxValue) { If = isWanted };
}
