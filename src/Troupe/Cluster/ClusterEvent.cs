using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>What subscribers of <see cref="Cluster.Subscribe(IActorRef, Type[])"/> are told.</summary>
[SuppressMessage("Design", "CA1034", Justification = "Akka.NET's signature")]
public partial class ClusterEvent
{
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;

    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;

    /// <summary>What a new subscriber is told about the past.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>One <see cref="CurrentClusterState"/> before all events.</summary>
        InitialStateAsSnapshot = 0,

        /// <summary>The events that lead from nothing to the present state.</summary>
        InitialStateAsEvents = 1,
    }

    /// <summary>Base of all events of the cluster.</summary>
    public interface IClusterDomainEvent : IDeadLetterSuppression;

    /// <summary>A member's status has changed.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        Member Member { get; }
    }

    /// <summary>A member has become unreachable, or reachable again.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent;

    /// <summary>The cluster as it is at one moment.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        private readonly ImmutableDictionary<string, Address> _roleLeaders;

        public CurrentClusterState() : this([], [], [], null, ImmutableDictionary<string, Address>.Empty)
        {
        }

        public CurrentClusterState(ImmutableSortedSet<Member> members, ImmutableHashSet<Member> unreachable,
            ImmutableHashSet<Address> seenBy, Address? leader, ImmutableDictionary<string, Address> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        public ImmutableSortedSet<Member> Members { get; }

        public ImmutableHashSet<Member> Unreachable { get; }

        public ImmutableHashSet<Address> SeenBy { get; }

        /// <summary>Null when there is none.</summary>
        public Address? Leader { get; }

        public ImmutableHashSet<string> AllRoles => [.. Members.SelectMany(member => member.Roles)];

        /// <summary>Is a rolling update going on?</summary>
        public bool HasMoreThanOneAppVersion => Members.Select(member => member.AppVersion).Distinct().Skip(1).Any();

        /// <summary>The leader among the members of a role, or null.</summary>
        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);

        public CurrentClusterState Copy(ImmutableSortedSet<Member>? members = null, ImmutableHashSet<Member>? unreachable = null,
            ImmutableHashSet<Address>? seenBy = null, Address? leader = null,
            ImmutableDictionary<string, Address>? roleLeaderMap = null) =>
            new(members ?? Members, unreachable ?? Unreachable, seenBy ?? SeenBy, leader ?? Leader, roleLeaderMap ?? _roleLeaders);
    }

    /// <summary>The first among the members that can lead has changed; null when there is none. Nodes may differ for a while.</summary>
    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is LeaderChanged other && Equals(Leader, other.Leader);

        public override int GetHashCode() => Leader?.GetHashCode() ?? 0;

        public override string ToString() => $"LeaderChanged(NewLeader={Leader})";
    }

    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        public string Role { get; } = role;

        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) =>
            obj is RoleLeaderChanged other && Role == other.Role && Equals(Leader, other.Leader);

        public override int GetHashCode() => StableHash.Of(Role, Leader?.GetHashCode() ?? 0);

        public override string ToString() => $"RoleLeaderChanged(Leader={Leader}, Role={Role})";
    }

    /// <summary>This node has left the cluster; no more events come.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }

        public override string ToString() => nameof(ClusterShuttingDown);
    }

    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        protected ReachabilityEvent(Member member) => Member = member;

        public Member Member { get; }

        public override bool Equals(object? obj) =>
            obj is ReachabilityEvent other && other.GetType() == GetType() && Member.Equals(other.Member);

        public override int GetHashCode() => Member.GetHashCode();

        public override string ToString() => $"{GetType().Name}(Member={Member})";
    }

    /// <summary>Some member that watches it has lost contact to it.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>All that had lost contact have it again.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);
}
