using System.Collections.Immutable;

namespace Akka.Cluster.Sharding;

/// <summary>How many entities each shard of a region has; <see cref="Failed"/> names shards that did not answer in
/// time.</summary>
public sealed class ShardRegionStats : IClusterShardingSerializable, IEquatable<ShardRegionStats>
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly IImmutableDictionary<string, int> Stats;

    public readonly IImmutableSet<string> Failed;
#pragma warning restore CA1051

    public ShardRegionStats(IImmutableDictionary<string, int> stats, IImmutableSet<string> failed)
    {
        Stats = stats;
        Failed = failed;
    }

    public bool Equals(ShardRegionStats? other) =>
        other is not null && Stats.Count == other.Stats.Count
        && Stats.All(e => other.Stats.TryGetValue(e.Key, out var value) && e.Value.Equals(value))
        && Failed.SetEquals(other.Failed);

    public override bool Equals(object? obj) => Equals(obj as ShardRegionStats);

    public override int GetHashCode() => HashCode.Combine(Stats.Count, Failed.Count);

    public override string ToString() => $"ShardRegionStats({string.Join(" ", Stats)}, {string.Join(" ", Failed)})";
}
