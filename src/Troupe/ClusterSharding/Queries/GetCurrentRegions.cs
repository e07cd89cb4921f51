namespace Akka.Cluster.Sharding;

/// <summary>Asks a region for the addresses of all regions; answered by the coordinator with <see
/// cref="CurrentRegions"/>.</summary>
public sealed class GetCurrentRegions : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetCurrentRegions Instance = new();

    private GetCurrentRegions()
    {
    }

    public override string ToString() => "GetCurrentRegions";
}
