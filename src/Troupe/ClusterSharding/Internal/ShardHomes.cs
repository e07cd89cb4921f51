using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>
/// Which regions there are, and which shards each has been given: the state that coordinators hand down to their successors.
/// Immutable.
/// Invariants:
/// <list type="number">
/// <item>A shard is at one region at most.</item>
/// <item>It is at a region that is listed.</item>
/// </list>
/// </summary>
internal sealed class ShardHomes : IEquatable<ShardHomes>
{
    public static readonly ShardHomes Empty = new(
        ImmutableSortedDictionary.Create<IActorRef, IImmutableList<string>>(ByPath.Instance),
        ImmutableSortedDictionary.Create<string, IActorRef>(StringComparer.Ordinal));

    private ShardHomes(ImmutableSortedDictionary<IActorRef, IImmutableList<string>> regions,
        ImmutableSortedDictionary<string, IActorRef> homes)
    {
        Regions = regions;
        Homes = homes;
    }

    /// <summary>The regions, each with its shards in the order in which it got them.</summary>
    public ImmutableSortedDictionary<IActorRef, IImmutableList<string>> Regions { get; }

    public ImmutableSortedDictionary<string, IActorRef> Homes { get; }

    public IActorRef? HomeOf(string shard) => Homes.GetValueOrDefault(shard);

    public bool Has(IActorRef region) => Regions.ContainsKey(region);

    public IImmutableList<string> ShardsOf(IActorRef region) =>
        Regions.TryGetValue(region, out var shards) ? shards : ImmutableList<string>.Empty;

    public ShardHomes WithRegion(IActorRef region) =>
        Has(region) ? this : new ShardHomes(Regions.Add(region, ImmutableList<string>.Empty), Homes);

    /// <summary>The region and all that it has are gone.</summary>
    public ShardHomes Without(IActorRef region) =>
        Has(region) ? new ShardHomes(Regions.Remove(region), Homes.RemoveRange(ShardsOf(region))) : this;

    /// <summary>Gives a shard that is nowhere to a listed region.</summary>
    public ShardHomes WithHome(string shard, IActorRef region)
    {
        if (HomeOf(shard) is { } home) throw new ArgumentException($"The shard [{shard}] has a home already: [{home}].", nameof(shard));
        if (!Has(region)) throw new ArgumentException($"The region [{region}] is not listed.", nameof(region));
        return new ShardHomes(Regions.SetItem(region, ShardsOf(region).Add(shard)), Homes.Add(shard, region));
    }

    public ShardHomes WithoutHome(string shard) => HomeOf(shard) is { } region
        ? new ShardHomes(Regions.SetItem(region, ShardsOf(region).Remove(shard)), Homes.Remove(shard))
        : this;

    public bool Equals(ShardHomes? other) => other is not null && Regions.Count == other.Regions.Count
        && Regions.Zip(other.Regions).All(p => p.First.Key.Equals(p.Second.Key) && p.First.Value.SequenceEqual(p.Second.Value));

    public override bool Equals(object? obj) => Equals(obj as ShardHomes);

    public override int GetHashCode() => HashCode.Combine(Regions.Count, Homes.Count);

    public override string ToString() => $"{Homes.Count} shards at {Regions.Count} regions";

    /// <summary>An order of references that is the same in every run: by the path, then by the incarnation.</summary>
    public sealed class ByPath : IComparer<IActorRef>
    {
        public static readonly ByPath Instance = new();

        public int Compare(IActorRef? x, IActorRef? y)
        {
            var byPath = string.CompareOrdinal(x?.Path.ToString(), y?.Path.ToString());
            return byPath != 0 ? byPath : (x?.Path.Uid ?? 0).CompareTo(y?.Path.Uid ?? 0);
        }
    }
}
