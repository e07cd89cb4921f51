using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>One entry of a member's registry, as of one version. Without an actor: it was removed.</summary>
internal sealed record RegistryEntry(long Version, IActorRef? Actor);

/// <summary>What one incarnation of a member offers, or the part of it that is newer than some version. Immutable.</summary>
internal sealed record RegistryBucket(UniqueAddress Owner, long Version, ImmutableSortedDictionary<string, RegistryEntry> Entries)
{
    public static RegistryBucket Empty(UniqueAddress owner) =>
        new(owner, 0, ImmutableSortedDictionary.Create<string, RegistryEntry>(StringComparer.Ordinal));
}
