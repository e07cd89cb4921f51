using KvStore.Core.Causality;

namespace KvStore.Core.Replication;

/// <summary>What storage said of a key.</summary>
/// <param name="Set">What it holds; <see cref="SiblingSet.Empty"/> for nothing; null when it cannot be read.</param>
public readonly record struct LoadResult(SiblingSet? Set)
{
    /// <summary>There is something that fails its checksum or makes no sense.</summary>
    public static readonly LoadResult Unreadable;

    /// <summary>There is nothing.</summary>
    public static readonly LoadResult Absent = new(SiblingSet.Empty);
}
