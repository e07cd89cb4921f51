using System.Collections.Immutable;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// Draws up rings: the first one of a cluster, and the plan for a change. Pure and deterministic; what it draws up takes effect only
/// through the ring log.
/// Laws: (1) each member owns its share by weight, rounded down or up; (2) no plan moves more partitions than that needs;
/// (3) each partition has min(N, nodes) distinct replicas in every epoch of the change.
/// </summary>
public static class RingPlanner
{
    /// <summary>The first ring of a cluster: the members given, balanced, with nothing under way.</summary>
    /// <param name="cluster">The id drawn for it.</param>
    /// <param name="members">Who is in it; the order does not matter.</param>
    /// <param name="partitionCount">Q: a power of two, 64 to 4,096; it cannot be changed later.</param>
    /// <param name="replicas">The most copies that any bucket will ask for.</param>
    /// <param name="buckets">The buckets it begins with; the default one alone when null.</param>
    /// <exception cref="ArgumentException">The parts do not make a ring.</exception>
    public static Ring Create(
        ClusterId cluster,
        IEnumerable<RingMember> members,
        int partitionCount = Ring.DefaultPartitions,
        int replicas = 3,
        BucketCatalogue? buckets = null)
    {
        ImmutableArray<RingMember> sorted = [.. members.OrderBy(member => member.Id)];
        RingShape.CheckMembers(sorted);
        RingShape.CheckPartitionCount(partitionCount);
        var targets = RingShares.Of(sorted, partitionCount, new Dictionary<NodeId, int>());
        var nobody = ImmutableArray.Create(new NodeId[partitionCount]);
        var owners = RingClaim.Claim(nobody, sorted, replicas, targets);
        return new Ring(cluster, RingEpoch.First, replicas, sorted, owners, buckets: buckets);
    }

    /// <summary>What the changes would do to a ring at rest.</summary>
    /// <param name="ring">The current ring, with no change under way.</param>
    /// <param name="changes">What is wanted; at most one a node.</param>
    /// <param name="partitionBytes">An estimate of each partition's size, or null.</param>
    /// <param name="plan">The plan; null when refused.</param>
    /// <returns>Null, or why there is no plan.</returns>
    public static RingRefusal? Plan(
        Ring ring, IReadOnlyList<RingChange> changes, IReadOnlyList<long>? partitionBytes, out RingPlan? plan)
    {
        plan = null;
        if (Refuse(ring, changes) is { } refusal)
            return refusal;
        ImmutableArray<RingMember> members = [.. MembersAfter(ring, changes).OrderBy(member => member.Id)];
        var staying = members.Where(member => member.Stays).ToList();
        if (staying.Count == 0 || members.Length > Ring.MaxMembers)
            return RingRefusal.ImpossibleSize;
        var nextOwners = OwnersAfter(ring, changes, members, staying);
        var next = WithPhases(ring, members, nextOwners);
        var moves = MovesOf(next, partitionBytes);
        plan = new RingPlan(ring, [.. changes], next, moves, Warnings(ring, staying, moves));
        return null;
    }

    private static RingRefusal? Refuse(Ring ring, IReadOnlyList<RingChange> changes)
    {
        if (ring.IsChanging)
            return RingRefusal.ChangeUnderWay;
        if (changes.Count == 0)
            return RingRefusal.NothingStaged;
        var touched = new HashSet<NodeId>();
        foreach (var change in changes)
        {
            if (RefuseOne(ring, change) is { } refusal)
                return refusal;
            if (!touched.Add(change.Node) || (change is RingChange.Replace replace && !touched.Add(replace.Member.Id)))
                return RingRefusal.Overlapping;
        }

        return null;
    }

    /// <summary>Whether one change makes sense on this ring by itself.</summary>
    internal static RingRefusal? RefuseOne(Ring ring, RingChange change)
    {
        var newcomer = change switch
        {
            RingChange.Join join => join.Member.Id,
            RingChange.Replace replace => replace.Member.Id,
            _ => NodeId.None,
        };
        if (!newcomer.IsNone && ring.Contains(newcomer))
            return RingRefusal.AlreadyMember;
        if (!newcomer.IsNone && ring.Removed.Contains(newcomer))
            return RingRefusal.WasRemoved;
        return change is not RingChange.Join && !ring.Contains(change.Node) ? RingRefusal.NotMember : null;
    }

    private static List<RingMember> MembersAfter(Ring ring, IReadOnlyList<RingChange> changes)
    {
        var members = ring.Members.ToDictionary(member => member.Id);
        foreach (var change in changes)
        {
            if (change is not RingChange.Join)
            {
                var status = change is RingChange.Leave ? RingMemberStatus.Leaving : RingMemberStatus.Removing;
                members[change.Node] = members[change.Node] with { Status = status };
            }

            if (change is RingChange.Join join)
                members.Add(join.Member.Id, join.Member with { Status = RingMemberStatus.Joining });
            if (change is RingChange.Replace replace)
            {
                var weight = members[replace.Lost].Weight;
                members.Add(replace.Member.Id, replace.Member with { Weight = weight, Status = RingMemberStatus.Joining });
            }
        }

        return [.. members.Values];
    }

    private static ImmutableArray<NodeId> OwnersAfter(
        Ring ring, IReadOnlyList<RingChange> changes, ImmutableArray<RingMember> members, List<RingMember> staying)
    {
        var replaced = changes.OfType<RingChange.Replace>().ToDictionary(change => change.Lost, change => change.Member.Id);
        ImmutableArray<NodeId> owners = [.. ring.Owners.Select(owner => replaced.GetValueOrDefault(owner, owner))];
        if (replaced.Count == changes.Count)
            return owners;
        var owned = owners.GroupBy(owner => owner).ToDictionary(group => group.Key, group => group.Count());
        return RingClaim.Claim(owners, members, ring.Replicas, RingShares.Of(staying, ring.PartitionCount, owned));
    }

    private static Ring WithPhases(Ring ring, ImmutableArray<RingMember> members, ImmutableArray<NodeId> nextOwners)
    {
        var bare = new Ring(
            ring.Cluster, ring.Epoch.Next(), ring.Replicas, members, ring.Owners, nextOwners, removed: ring.Removed, buckets: ring.Buckets);
        var phases = bare.Partitions
            .Select(partition => PartitionMove.Of(bare, partition) is null ? MovePhase.None : MovePhase.Waiting);
        return new Ring(
            ring.Cluster, bare.Epoch, ring.Replicas, members, ring.Owners, nextOwners, [.. phases], ring.Removed,
            ring.Buckets);
    }

    /// <summary>All moves of a ring that changes; receivers take turns, so that no node fills alone while the others wait.</summary>
    private static ImmutableArray<PartitionMove> MovesOf(Ring ring, IReadOnlyList<long>? partitionBytes)
    {
        var turns = new Dictionary<NodeId, int>();
        var moves = new List<(PartitionMove Move, int Turn)>();
        foreach (var partition in ring.Partitions)
        {
            if (PartitionMove.Of(ring, partition, partitionBytes?[partition.Value] ?? 0) is not { } move)
                continue;
            var turn = 0;
            foreach (var receiver in move.Fills.Select(fill => fill.Receiver))
                turn = Math.Max(turn, turns[receiver] = turns.GetValueOrDefault(receiver) + 1);
            moves.Add((move, turn));
        }

        return [.. moves.OrderBy(entry => entry.Turn).ThenBy(entry => entry.Move.Partition).Select(entry => entry.Move)];
    }

    private static ImmutableArray<string> Warnings(Ring ring, List<RingMember> staying, ImmutableArray<PartitionMove> moves)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (staying.Count < ring.Replicas)
            warnings.Add($"Only {staying.Count} nodes would be left for {ring.Replicas} copies: the ring would be degraded.");
        var racks = staying.Select(member => member.Rack).Distinct().Count();
        if (racks > 1 && racks < ring.Replicas)
            warnings.Add($"There are {racks} racks for {ring.Replicas} copies: some racks will hold more than one copy.");
        var atRisk = moves.Count(move => move.IsAtRisk);
        if (atRisk > 0)
            warnings.Add($"{atRisk} partitions have lost so many replicas that acknowledged writes may be missing from the rest.");
        return warnings.DrainToImmutable();
    }
}
