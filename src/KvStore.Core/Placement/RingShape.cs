using System.Collections.Immutable;
using System.Numerics;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>What must hold of the parts of a <see cref="Ring"/>, whether they were planned here or came from a peer or a disk.</summary>
internal static class RingShape
{
    public const int MaxRemoved = 256;

    /// <exception cref="ArgumentException">The parts do not make a ring.</exception>
    public static void Check(Ring ring)
    {
        Require(!ring.Cluster.IsNone, "A ring belongs to a cluster.");
        Require(!ring.Epoch.IsNone, "A ring has an epoch of 1 or more.");
        Require(ring.Replicas is >= 1 and <= Ring.MaxReplicas, $"Replicas are 1 to {Ring.MaxReplicas}.");
        CheckPartitionCount(ring.PartitionCount);
        Require(ring.NextOwners.Length == ring.PartitionCount && ring.Phases.Length == ring.PartitionCount,
            "There is a next owner and a phase for each partition.");
        Require(ring.Removed.Length <= MaxRemoved, $"At most {MaxRemoved} removed nodes are remembered.");
        CheckMembers(ring.Members);
        CheckOwners(ring);
        foreach (var bucket in ring.Buckets.Definitions)
        {
            Require(bucket.CreatedAt <= ring.Epoch, $"Bucket '{bucket.Name}' was created in an epoch to come.");
            Require(bucket.Problem(ring.Replicas) is null, $"Bucket '{bucket.Name}': {bucket.Problem(ring.Replicas)}");
        }
    }

    /// <exception cref="ArgumentException">These cannot be the members of a ring.</exception>
    public static void CheckMembers(ImmutableArray<RingMember> members)
    {
        Require(members.Length is >= 1 and <= Ring.MaxMembers, $"A ring has 1 to {Ring.MaxMembers} members.");
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            Require(!member.Id.IsNone, "A member has an id.");
            Require(i == 0 || members[i - 1].Id < member.Id, "Members are sorted by id, each once.");
            Require(member.Weight is >= 1 and <= RingMember.MaxWeight, $"A weight is 1 to {RingMember.MaxWeight}.");
            Require(Enum.IsDefined(member.Status), "A member's status is a known one.");
            Require(member.Address.Length <= RingMember.MaxTextLength && member.Rack.Length <= RingMember.MaxTextLength,
                $"Address and rack have at most {RingMember.MaxTextLength} characters.");
        }
    }

    /// <exception cref="ArgumentException">The number cannot be Q.</exception>
    public static void CheckPartitionCount(int count) =>
        Require(count is >= Ring.MinPartitions and <= PartitionId.MaxCount && BitOperations.IsPow2(count),
            $"The number of partitions is a power of two from {Ring.MinPartitions} to {PartitionId.MaxCount}; {count} is not.");

    private static void CheckOwners(Ring ring)
    {
        var members = ring.Members.Select(member => member.Id).ToHashSet();
        Require(ring.Owners.All(members.Contains), "Each owner is a member.");
        Require(ring.NextOwners.All(members.Contains), "Each next owner is a member.");
        Require(ring.Phases.All(Enum.IsDefined), "A partition's phase is a known one.");
        Require(ring.NextOwners != ring.Owners || ring.Phases.All(phase => phase == MovePhase.None),
            "Nothing moves while owners and next owners are the same.");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
            throw new ArgumentException(rule);
    }
}
