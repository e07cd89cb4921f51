using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// Who offers what in the cluster: a bucket for each member, which only that member changes, and which spreads by its versions. Pure; one
/// owner.
/// Invariants:
/// <list type="number">
/// <item>A bucket's version is the greatest of its entries', and grows with each change; an entry never goes back to an older one.</item>
/// <item>Merging is idempotent, and the order in which parts of a bucket come does not matter.</item>
/// <item>A part that was cut off names the version that it reaches, so that what is missing is asked for again.</item>
/// </list>
/// </summary>
internal sealed class PubSubRegistry(UniqueAddress self)
{
    private readonly SortedDictionary<UniqueAddress, RegistryBucket> _buckets = new() { [self] = RegistryBucket.Empty(self) };

    public ImmutableSortedDictionary<UniqueAddress, long> Versions =>
        _buckets.ToImmutableSortedDictionary(bucket => bucket.Key, bucket => bucket.Value.Version);

    /// <summary>All keys that anybody offers something at, each once.</summary>
    public IEnumerable<string> Keys => _buckets.Values
        .SelectMany(bucket => bucket.Entries.Where(entry => entry.Value.Actor is not null).Select(entry => entry.Key)).Distinct();

    /// <summary>What members offer at the key, by member.</summary>
    public IEnumerable<(UniqueAddress Owner, IActorRef Actor)> At(string key)
    {
        foreach (var (owner, bucket) in _buckets)
        {
            if (bucket.Entries.TryGetValue(key, out var entry) && entry.Actor is { } actor) yield return (owner, actor);
        }
    }

    /// <summary>What this member offers at the key.</summary>
    public IActorRef? Own(string key) => _buckets[self].Entries.GetValueOrDefault(key)?.Actor;

    /// <param name="key">Under which it is offered.</param>
    /// <param name="actor">Null: no more.</param>
    /// <param name="now">Milliseconds; versions follow this clock, so that removals can be forgotten by their age.</param>
    public void Offer(string key, IActorRef? actor, long now)
    {
        var own = _buckets[self];
        if (Equals(Own(key), actor)) return;
        var version = Math.Max(own.Version + 1, now);
        _buckets[self] = own with { Version = version, Entries = own.Entries.SetItem(key, new RegistryEntry(version, actor)) };
    }

    /// <summary>Does this registry know something of any member that one with those versions does not?</summary>
    public bool IsAheadOf(ImmutableSortedDictionary<UniqueAddress, long> versions) =>
        _buckets.Any(bucket => bucket.Value.Version > versions.GetValueOrDefault(bucket.Key));

    /// <summary>Does a registry with those versions know something that this one does not, of a member in <paramref name="members"/>?</summary>
    public bool IsBehind(ImmutableSortedDictionary<UniqueAddress, long> versions, ISet<UniqueAddress> members) => versions.Any(
        other => other.Value > VersionOf(other.Key) && members.Contains(other.Key));

    /// <summary>What is newer than those versions, oldest entries first, and no more than <paramref name="most"/> entries.</summary>
    public ImmutableArray<RegistryBucket> Since(ImmutableSortedDictionary<UniqueAddress, long> versions, int most)
    {
        var parts = ImmutableArray.CreateBuilder<RegistryBucket>();
        foreach (var (owner, bucket) in _buckets)
        {
            if (most <= 0) break;
            var known = versions.GetValueOrDefault(owner);
            if (bucket.Version <= known) continue;
            var newer = bucket.Entries.Where(entry => entry.Value.Version > known).OrderBy(entry => entry.Value.Version).ToList();
            var part = newer.Take(most).ToImmutableSortedDictionary(StringComparer.Ordinal);
            var reaches = newer.Count > most ? newer[most - 1].Value.Version : bucket.Version;
            parts.Add(new RegistryBucket(owner, reaches, part));
            most -= part.Count;
        }
        return parts.ToImmutable();
    }

    /// <summary>Takes in parts of other members' buckets; those of members that are not in <paramref name="members"/> are ignored.</summary>
    public void Merge(ImmutableArray<RegistryBucket> parts, ISet<UniqueAddress> members)
    {
        foreach (var part in parts)
        {
            if (part.Owner == self || !members.Contains(part.Owner)) continue;
            var mine = _buckets.GetValueOrDefault(part.Owner) ?? RegistryBucket.Empty(part.Owner);
            var entries = mine.Entries.ToBuilder();
            foreach (var (key, entry) in part.Entries)
            {
                if (!entries.TryGetValue(key, out var known) || known.Version < entry.Version) entries[key] = entry;
            }
            _buckets[part.Owner] = mine with { Version = Math.Max(mine.Version, part.Version), Entries = entries.ToImmutable() };
        }
    }

    /// <summary>It is a member no more.</summary>
    public void Forget(UniqueAddress member)
    {
        if (member != self) _buckets.Remove(member);
    }

    /// <summary>Forgets removals that are older than <paramref name="age"/> milliseconds against their bucket's newest entry.</summary>
    public void Prune(long age)
    {
        foreach (var (owner, bucket) in _buckets.ToList())
        {
            var old = bucket.Entries.Where(e => e.Value.Actor is null && bucket.Version - e.Value.Version > age).Select(e => e.Key);
            _buckets[owner] = bucket with { Entries = bucket.Entries.RemoveRange(old.ToList()) };
        }
    }

    private long VersionOf(UniqueAddress owner) => _buckets.GetValueOrDefault(owner)?.Version ?? 0;
}
