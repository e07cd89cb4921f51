using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;

namespace Akka.Cluster.Daemons;

/// <summary>To the membership daemon, from its own system: become a member by this one.</summary>
internal sealed record JoinTo(Address Address) : INoSerializationVerificationNeeded;

internal sealed record JoinSeeds(ImmutableList<Address> Seeds) : INoSerializationVerificationNeeded;

internal sealed record LeaveMember(Address Address) : INoSerializationVerificationNeeded;

internal sealed record DownMember(Address Address) : INoSerializationVerificationNeeded;

/// <summary>The coordinated shutdown has come to the end of what an exiting member does.</summary>
internal sealed class ExitingCompleted : INoSerializationVerificationNeeded
{
    public static readonly ExitingCompleted Instance = new();
}

/// <summary>The daemon's own timers.</summary>
internal enum ClusterTick
{
    Gossip,
    GossipFaster,
    Leader,
    Reap,
    JoinRetry,
    SeedSearch,
    SeedSearchOver,
}

/// <summary>To the publisher and the heartbeats: the state is now this one.</summary>
internal sealed record StateChanged(MembershipState State) : INoSerializationVerificationNeeded;

/// <summary>To the publisher.</summary>
internal sealed record SubscribeTo(
    IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, ImmutableArray<Type> Types) : INoSerializationVerificationNeeded;

/// <summary>From one type, or (null) from all.</summary>
internal sealed record UnsubscribeFrom(IActorRef Subscriber, Type? Type) : INoSerializationVerificationNeeded;

internal sealed record SendState(IActorRef Receiver) : INoSerializationVerificationNeeded;
