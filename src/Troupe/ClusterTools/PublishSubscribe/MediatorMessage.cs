using System.Collections.Immutable;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>What mediators say to each other besides what applications say to them.</summary>
internal abstract record MediatorMessage : IDistributedPubSubMessage
{
    /// <summary>So much I know of each member's registry: what do you know beyond that?</summary>
    public sealed record Status(ImmutableSortedDictionary<UniqueAddress, long> Versions, bool IsReply) : MediatorMessage;

    /// <summary>This is newer than what you know.</summary>
    public sealed record Delta(ImmutableArray<RegistryBucket> Buckets) : MediatorMessage;

    /// <summary>For your subscribers: all that have no group, or one of this group.</summary>
    public sealed record Deliver(string Topic, string? Group, object Message) : MediatorMessage;
}
