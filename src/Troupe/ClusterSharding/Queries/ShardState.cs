using System.Collections.Immutable;

namespace Akka.Cluster.Sharding;

/// <summary>A shard and the entities that it has now.</summary>
public sealed class ShardState : IClusterShardingSerializable, IEquatable<ShardState>
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly string ShardId;

    public readonly IImmutableSet<string> EntityIds;
#pragma warning restore CA1051

    public ShardState(string shardId, IImmutableSet<string> entityIds)
    {
        ShardId = shardId;
        EntityIds = entityIds;
    }

    public bool Equals(ShardState? other) =>
        other is not null && ShardId.Equals(other.ShardId) && EntityIds.SetEquals(other.EntityIds);

    public override bool Equals(object? obj) => Equals(obj as ShardState);

    public override int GetHashCode() => HashCode.Combine(ShardId, EntityIds.Count);

    public override string ToString() => $"ShardState({ShardId}, {string.Join(" ", EntityIds)})";
}
