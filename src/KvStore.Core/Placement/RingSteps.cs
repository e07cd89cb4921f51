using System.Collections.Immutable;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// The rings that follow a ring while a change is carried out, each at the next epoch. Pure: they are proposed to the ring log, and
/// only what it decides is a ring.
/// </summary>
public static class RingSteps
{
    /// <summary>Some partitions enter their next phase.</summary>
    /// <exception cref="InvariantViolationException">A partition is not in the phase just before the one given.</exception>
    public static Ring Advance(Ring ring, IReadOnlyDictionary<PartitionId, MovePhase> to)
    {
        var phases = ring.Phases.ToBuilder();
        foreach (var (partition, phase) in to)
        {
            Invariant.Check(phases[partition.Value] != MovePhase.None && phase == phases[partition.Value] + 1);
            phases[partition.Value] = phase;
        }

        return new Ring(
            ring.Cluster, ring.Epoch.Next(), ring.Replicas, ring.Members, ring.Owners, ring.NextOwners, phases.ToImmutable(), ring.Removed,
            ring.Buckets);
    }

    /// <summary>Whether all partitions have arrived.</summary>
    public static bool CanSettle(Ring ring) =>
        ring.IsChanging && ring.Phases.All(phase => phase is MovePhase.None or MovePhase.Done);

    /// <summary>The change is over: the next owners are the owners, joiners are valid, leavers and the lost are gone.</summary>
    public static Ring Settle(Ring ring)
    {
        Invariant.Check(CanSettle(ring));
        var members = ring.Members
            .Where(member => member.Stays)
            .Select(member => member with { Status = RingMemberStatus.Valid });
        return new Ring(
            ring.Cluster, ring.Epoch.Next(), ring.Replicas, [.. members], ring.NextOwners,
            removed: Remember(ring, ring.Members.Where(member => !member.Stays)), buckets: ring.Buckets);
    }

    /// <summary>
    /// Back to the owners, as long as no partition is read from its new ones: writes have reached the old owners all along.
    /// Joiners are out for good (their half-filled copies with them); leavers stay.
    /// </summary>
    public static RingRefusal? Cancel(Ring ring, out Ring? cancelled)
    {
        cancelled = null;
        if (ring.Phases.Any(phase => phase is MovePhase.WriteBothReadNew or MovePhase.Done))
            return RingRefusal.TooLateToCancel;
        var members = ring.Members
            .Where(member => member.Status != RingMemberStatus.Joining)
            .Select(member => member with { Status = RingMemberStatus.Valid });
        cancelled = new Ring(
            ring.Cluster, ring.Epoch.Next(), ring.Replicas, [.. members], ring.Owners,
            removed: Remember(ring, ring.Members.Where(member => member.Status == RingMemberStatus.Joining)), buckets: ring.Buckets);
        return null;
    }

    /// <summary>
    /// A new generation without the lost nodes, for a ring whose majority is gone: decided by an operator on stopped nodes, not by
    /// a vote. A change under way ends where each partition stood; what the lost owned goes to the others, who must fill it
    /// from whatever replicas are left.
    /// </summary>
    /// <exception cref="ArgumentException">Nobody would be left.</exception>
    public static Ring Recover(Ring ring, IReadOnlySet<NodeId> lost)
    {
        var gone = ring.Members.Where(member => lost.Contains(member.Id)).ToList();
        ImmutableArray<RingMember> members =
            [.. ring.Members.Except(gone).Select(member => member with { Status = RingMemberStatus.Valid })];
        if (members.IsEmpty)
            throw new ArgumentException("A ring cannot be recovered without any of its members.");
        var owners = ring.Partitions.Select(partition =>
        {
            var settled = ring.PhaseOf(partition) is MovePhase.WriteBothReadNew or MovePhase.Done;
            var owner = (settled ? ring.NextOwners : ring.Owners)[partition.Value];
            return lost.Contains(owner) ? NodeId.None : owner;
        });
        ImmutableArray<NodeId> held = [.. owners];
        var counts = held.Where(owner => !owner.IsNone).GroupBy(owner => owner).ToDictionary(group => group.Key, group => group.Count());
        var targets = RingShares.Of(members, ring.PartitionCount, counts);
        var epoch = new RingEpoch(ring.Epoch.Generation + 1, ring.Epoch.Number + 1);
        return new Ring(
            ring.Cluster, epoch, ring.Replicas, members, RingClaim.Claim(held, members, ring.Replicas, targets),
            removed: Remember(ring, gone), buckets: ring.Buckets);
    }

    /// <summary>
    /// A change to a bucket: the same ring with another catalogue. It may come while partitions move, too: who carries the move through
    /// proposes again what this epoch got in the way of. Not so one that makes keys go: a stream offers what its source held in an earlier
    /// epoch, and would bring them back.
    /// </summary>
    public static BucketRefusal? ChangeBucket(Ring ring, BucketChange change, out Ring? next)
    {
        next = null;
        if (ring.IsChanging && (change is BucketChange.Drop or BucketChange.Empty))
            return new BucketRefusal(BucketProblem.Moving, "Partitions are on the move. Nothing was changed. Wait until the change of the ring is done.");
        if (ring.Buckets.Apply(change, ring.Epoch.Next(), ring.Replicas, out var buckets) is { } refusal)
            return refusal;
        next = new Ring(
            ring.Cluster, ring.Epoch.Next(), ring.Replicas, ring.Members, ring.Owners, ring.NextOwners, ring.Phases, ring.Removed, buckets);
        return null;
    }

    private static ImmutableArray<NodeId> Remember(Ring ring, IEnumerable<RingMember> gone) =>
        [.. ring.Removed.Concat(gone.Select(member => member.Id)).TakeLast(RingShape.MaxRemoved)];
}
