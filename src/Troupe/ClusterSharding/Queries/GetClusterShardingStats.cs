namespace Akka.Cluster.Sharding;

/// <summary>Asks a region for the statistics of all regions; those that do not answer within the time are left out.</summary>
public sealed class GetClusterShardingStats : IShardRegionQuery, IClusterShardingSerializable, IEquatable<GetClusterShardingStats>
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly TimeSpan Timeout;
#pragma warning restore CA1051

    public GetClusterShardingStats(TimeSpan timeout)
    {
        Timeout = timeout;
    }

    public bool Equals(GetClusterShardingStats? other) =>
        other is not null && Timeout.Equals(other.Timeout);

    public override bool Equals(object? obj) => Equals(obj as GetClusterShardingStats);

    public override int GetHashCode() => HashCode.Combine(Timeout);

    public override string ToString() => $"GetClusterShardingStats({Timeout})";
}
