namespace Akka.Cluster.Sharding;

/// <summary>Asks a region for its shards and their entities; answered with <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState()
    {
    }

    public override string ToString() => "GetShardRegionState";
}
