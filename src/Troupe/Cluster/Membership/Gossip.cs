using System.Collections.Immutable;
using Akka.Cluster.Serialization;

namespace Akka.Cluster.Membership;

/// <summary>A member that was removed: when (Unix milliseconds of who removed it), and whether it had been downed.</summary>
internal readonly record struct Tombstone(long At, bool WasDown);

/// <summary>
/// What the nodes of a cluster tell each other about it: the members, who has no contact to whom, who was removed, and which nodes
/// have seen exactly this. An immutable value.
/// <para>
/// Invariants:
/// <list type="number">
/// <item>Merging is commutative, associative and idempotent: statuses only go forward, removal is final, observations carry
/// versions. So all nodes come to the same state whatever the order of their gossip.</item>
/// <item>Two gossips with equal <see cref="Digest"/> tell the same members and observations.</item>
/// <item><see cref="Seen"/> holds only members that have held this digest; whatever changes the digest empties it.</item>
/// </list>
/// </para>
/// Source: Demers et al., Epidemic Algorithms for Replicated Database Maintenance (1987); Shapiro et al., Conflict-free Replicated
/// Data Types (2011).
/// </summary>
internal sealed class Gossip
{
    /// <summary>Two views of one member are equal to each other; a collection that took them for the same would keep the old one.</summary>
    public static readonly ImmutableSortedDictionary<UniqueAddress, Member> NoMembers =
        ImmutableSortedDictionary.Create<UniqueAddress, Member>(null, ReferenceEqualityComparer.Instance);

    public static readonly Gossip Empty = new(
        NoMembers, Reachability.Empty,
        ImmutableSortedDictionary<UniqueAddress, Tombstone>.Empty, []);

    /// <summary>Tombstones are kept this long, and the youngest only up to <see cref="MaxTombstones"/>.</summary>
    public static readonly TimeSpan TombstoneLife = TimeSpan.FromHours(24);

    public const int MaxTombstones = 512;

    private GossipDigest? _digest;

    public Gossip(ImmutableSortedDictionary<UniqueAddress, Member> members, Reachability reachability,
        ImmutableSortedDictionary<UniqueAddress, Tombstone> tombstones, ImmutableHashSet<UniqueAddress> seen)
    {
        Members = members;
        Reachability = reachability;
        Tombstones = tombstones;
        Seen = seen;
    }

    public ImmutableSortedDictionary<UniqueAddress, Member> Members { get; }

    public Reachability Reachability { get; }

    public ImmutableSortedDictionary<UniqueAddress, Tombstone> Tombstones { get; }

    public ImmutableHashSet<UniqueAddress> Seen { get; }

    /// <summary>Stands for members and observations; not for who has seen them, nor for tombstones.</summary>
    public GossipDigest Digest => _digest ??= GossipDigest.Of(GossipCodec.Content(this));

    public Member? Find(UniqueAddress node) => Members.GetValueOrDefault(node);

    public bool Has(UniqueAddress node) => Members.ContainsKey(node);

    /// <summary>Puts a member in, or in place of how it was known.</summary>
    public Gossip With(Member member) => Changed(Members.SetItem(member.UniqueAddress, member), Reachability, Tombstones);

    public Gossip With(Reachability reachability) =>
        ReferenceEquals(reachability, Reachability) ? this : Changed(Members, reachability, Tombstones);

    /// <summary>Removes a member for good.</summary>
    public Gossip Remove(UniqueAddress node, DateTimeOffset now, ClusterBugs bugs = ClusterBugs.None)
    {
        if ((bugs & ClusterBugs.RemovalForgotten) != 0)
            return Changed(Members.Remove(node), Reachability, Tombstones);
        var wasDown = Find(node)?.Status == MemberStatus.Down;
        return Changed(Members.Remove(node), Reachability,
            Tombstones.SetItem(node, new Tombstone(now.ToUnixTimeMilliseconds(), wasDown)));
    }

    public Gossip SeenBy(UniqueAddress node) => Seen.Contains(node) ? this : WithSeen(Seen.Add(node));

    public Gossip WithSeen(ImmutableHashSet<UniqueAddress> seen) =>
        new(Members, Reachability, Tombstones, seen) { _digest = _digest };

    /// <summary>Both together. Equal content: seen by all that have seen either; else by those only who had seen just this.</summary>
    public Gossip Merge(Gossip other, ClusterBugs bugs = ClusterBugs.None)
    {
        var tombstones = Tombstones;
        foreach (var (node, tombstone) in other.Tombstones)
        {
            if (!tombstones.TryGetValue(node, out var known))
                tombstones = tombstones.SetItem(node, tombstone);
            else if (known != tombstone)
                tombstones = tombstones.SetItem(node, new Tombstone(Math.Max(known.At, tombstone.At), known.WasDown || tombstone.WasDown));
        }
        var members = Members;
        foreach (var (node, theirs) in other.Members)
            members = members.SetItem(node, Members.TryGetValue(node, out var ours) ? Later(ours, theirs, bugs) : theirs);
        var merged = Changed(members, Reachability.Merge(other.Reachability, bugs), tombstones);
        var seen = ImmutableHashSet<UniqueAddress>.Empty;
        if (merged.Digest == Digest || (bugs & ClusterBugs.SeenSurvivesChange) != 0)
            seen = Seen;
        if (merged.Digest == other.Digest || (bugs & ClusterBugs.SeenSurvivesChange) != 0)
            seen = seen.Union(other.Seen);
        return merged.WithSeen(seen);
    }

    /// <summary>Forgets removals that are too long ago, or too many.</summary>
    public Gossip Prune(DateTimeOffset now)
    {
        var oldest = (now - TombstoneLife).ToUnixTimeMilliseconds();
        var kept = Tombstones.RemoveRange(Tombstones.Where(entry => entry.Value.At < oldest).Select(entry => entry.Key));
        if (kept.Count > MaxTombstones)
        {
            kept = kept.RemoveRange(kept.OrderBy(entry => entry.Value.At).ThenBy(entry => entry.Key)
                .Take(kept.Count - MaxTombstones).Select(entry => entry.Key));
        }
        return kept.Count == Tombstones.Count ? this : new Gossip(Members, Reachability, kept, Seen) { _digest = _digest };
    }

    public override string ToString() =>
        $"Gossip(members=[{string.Join(", ", Members.Values)}], seen by {Seen.Count}, unreachable={Reachability.Unreachable.Count})";

    private static Gossip Changed(ImmutableSortedDictionary<UniqueAddress, Member> members, Reachability reachability,
        ImmutableSortedDictionary<UniqueAddress, Tombstone> tombstones)
    {
        members = members.RemoveRange(members.Keys.Where(tombstones.ContainsKey));
        return new Gossip(members, reachability.OnlyOf(members.ContainsKey), tombstones, []);
    }

    private static Member Later(Member ours, Member theirs, ClusterBugs bugs)
    {
        if ((bugs & ClusterBugs.StatusGoesBack) != 0)
            return theirs;
        var status = StatusRules.Rank(theirs.Status) > StatusRules.Rank(ours.Status) ? theirs.Status : ours.Status;
        return ours.With(status, Math.Min(ours.UpNumber, theirs.UpNumber));
    }
}
