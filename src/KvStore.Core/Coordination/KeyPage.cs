using System.Collections.Immutable;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Coordination;

/// <summary>Some keys of one bucket in one partition, as one replica has them.</summary>
/// <param name="Keys">Those that are there, in the order of the walk: all from where it was asked to begin to before <paramref name="Next"/>.</param>
/// <param name="Next">Where the walk goes on; null when the partition is through.</param>
public sealed record KeyPage(ImmutableArray<Key> Keys, ScanPosition? Next);

/// <summary>One key, as the replicas that were asked have it.</summary>
/// <param name="Key">The key.</param>
/// <param name="IsAgreed">Whether all of them say that it is there; else a read of the key decides.</param>
public readonly record struct ListedKey(Key Key, bool IsAgreed);

/// <summary>How a listing ended.</summary>
/// <param name="Result">Whether enough replicas answered.</param>
/// <param name="Keys">In the order of the walk; empty unless it is done.</param>
/// <param name="Next">Where the walk goes on; null when all partitions are through.</param>
public sealed record ListOutcome(GetResult Result, ImmutableArray<ListedKey> Keys, ScanPosition? Next);
