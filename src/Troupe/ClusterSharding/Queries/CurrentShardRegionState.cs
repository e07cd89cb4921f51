using System.Collections.Immutable;

namespace Akka.Cluster.Sharding;

/// <summary>The shards of a region; <see cref="Failed"/> names those that did not answer in time.</summary>
public sealed class CurrentShardRegionState : IClusterShardingSerializable, IEquatable<CurrentShardRegionState>
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly IImmutableSet<ShardState> Shards;

    public readonly IImmutableSet<string> Failed;
#pragma warning restore CA1051

    public CurrentShardRegionState(IImmutableSet<ShardState> shards, IImmutableSet<string> failed)
    {
        Shards = shards;
        Failed = failed;
    }

    public bool Equals(CurrentShardRegionState? other) =>
        other is not null && Shards.SetEquals(other.Shards) && Failed.SetEquals(other.Failed);

    public override bool Equals(object? obj) => Equals(obj as CurrentShardRegionState);

    public override int GetHashCode() => HashCode.Combine(Shards.Count, Failed.Count);

    public override string ToString() => $"CurrentShardRegionState({string.Join(" ", Shards)}, {string.Join(" ", Failed)})";
}
