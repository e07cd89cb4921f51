using KvStore.Core.Identity;

namespace KvStore.Core.AntiEntropy;

/// <summary>A stretch of a partition's keys in their order, as an exchange lists them page by page.</summary>
/// <param name="After">The key before the first; null from the first of all.</param>
/// <param name="Through">The last one; null to the last of all.</param>
public readonly record struct KeyRange(BucketKey? After, BucketKey? Through)
{
    /// <summary>All keys.</summary>
    public static readonly KeyRange All = new(null, null);

    /// <summary>Whether a key lies in it.</summary>
    public bool Contains(BucketKey key) => !(key <= After) && !IsBeyond(key);

    /// <summary>Whether a key lies behind it.</summary>
    public bool IsBeyond(BucketKey key) => key > Through;
}
