using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Event;
using Akka.Util;

namespace Akka.Cluster.Daemons;

/// <summary>Are you there?</summary>
internal sealed class Heartbeat : IClusterMessage, IDeadLetterSuppression
{
    public static readonly Heartbeat Instance = new();
}

/// <summary>Yes, and this is who I am.</summary>
internal sealed record HeartbeatAnswer(UniqueAddress From) : IClusterMessage, IDeadLetterSuppression;

/// <summary>What I hold, for you to compare: its digest, and who has seen it (a bit for each member in order).</summary>
internal sealed record GossipStatus(UniqueAddress From, GossipDigest Digest, byte[] Seen) : IClusterMessage, IDeadLetterSuppression;

/// <summary>
/// What I hold, whole. Meant for one incarnation; <paramref name="ArrivedAt"/> is the receiver's monotonic clock. An answer is not
/// answered by another: whatever two nodes disagree on, they do not send it back and forth.
/// </summary>
internal sealed record GossipEnvelope(UniqueAddress From, int ToUid, bool IsAnswer, Gossip Gossip, TimeSpan ArrivedAt)
    : IClusterMessage, IDeadLetterSuppression;

/// <summary>May I join by you? To seed nodes.</summary>
internal sealed class InitJoin : IClusterMessage, IDeadLetterSuppression
{
    public static readonly InitJoin Instance = new();
}

/// <summary>Yes: I am a member.</summary>
internal sealed record InitJoinAck(Address Address) : IClusterMessage, IDeadLetterSuppression;

/// <summary>No: I am not a member myself yet.</summary>
internal sealed record InitJoinNack(Address Address) : IClusterMessage, IDeadLetterSuppression;

/// <summary>Take me in.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles, AppVersion AppVersion) : IClusterMessage;

/// <summary>You are in, and this is the cluster.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterMessage;

/// <summary>This member has seen that it exits, has done its work and needs nothing more.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Node) : IClusterMessage, IDeadLetterSuppression;
