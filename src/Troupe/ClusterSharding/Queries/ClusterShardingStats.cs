using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>The statistics of every region, by the address of its node.</summary>
public sealed class ClusterShardingStats : IClusterShardingSerializable, IEquatable<ClusterShardingStats>
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly IImmutableDictionary<Address, ShardRegionStats> Regions;
#pragma warning restore CA1051

    public ClusterShardingStats(IImmutableDictionary<Address, ShardRegionStats> regions)
    {
        Regions = regions;
    }

    public bool Equals(ClusterShardingStats? other) =>
        other is not null && Regions.Count == other.Regions.Count
        && Regions.All(e => other.Regions.TryGetValue(e.Key, out var value) && e.Value.Equals(value));

    public override bool Equals(object? obj) => Equals(obj as ClusterShardingStats);

    public override int GetHashCode() => HashCode.Combine(Regions.Count);

    public override string ToString() => $"ClusterShardingStats({string.Join(" ", Regions)})";
}
