using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>The addresses of all regions that the coordinator knows.</summary>
public sealed class CurrentRegions : IClusterShardingSerializable, IEquatable<CurrentRegions>
{
#pragma warning disable CA1051 // Akka.NET's signature
    public readonly IImmutableSet<Address> Regions;
#pragma warning restore CA1051

    public CurrentRegions(IImmutableSet<Address> regions)
    {
        Regions = regions;
    }

    public bool Equals(CurrentRegions? other) =>
        other is not null && Regions.SetEquals(other.Regions);

    public override bool Equals(object? obj) => Equals(obj as CurrentRegions);

    public override int GetHashCode() => HashCode.Combine(Regions.Count);

    public override string ToString() => $"CurrentRegions({string.Join(" ", Regions)})";
}
