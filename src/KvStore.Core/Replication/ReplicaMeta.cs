using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;

namespace KvStore.Core.Replication;

/// <summary>
/// What a replica keeps beside the data, in the same data set, written as a whole. Immutable.
/// </summary>
/// <param name="Role">Owner or stand-in, at the fence's epoch.</param>
/// <param name="Tenure">The incarnation that the lease belongs to; null before the first.</param>
/// <param name="LeaseEnd">The last counter of that incarnation that may be given out.</param>
/// <param name="Watermarks">For each foreign incarnation, up to where a complete exchange has shown every event.</param>
/// <param name="Origins">Earlier incarnations whose every event up to the counter is, or was, held here.</param>
/// <param name="Fence">Messages of older epochs are refused.</param>
/// <param name="IsWhole">Whether nothing is missing: filled, and nothing lost since.</param>
public sealed record ReplicaMeta(
    ReplicaRole Role, Incarnation? Tenure, ulong LeaseEnd, VersionVector Watermarks, VersionVector Origins, RingEpoch Fence,
    bool IsWhole)
{
    /// <summary>A partition of a new cluster: there is nothing, and that is whole.</summary>
    public static readonly ReplicaMeta New =
        new(ReplicaRole.Primary, null, 0, VersionVector.Empty, VersionVector.Empty, RingEpoch.None, IsWhole: true);

    /// <summary>A partition that is yet to be filled from others.</summary>
    public static readonly ReplicaMeta ToBeFilled = New with { IsWhole = false };

    /// <summary>A partition of which this node holds nothing but copies for others.</summary>
    public static readonly ReplicaMeta StandIn = ToBeFilled with { Role = ReplicaRole.Fallback };

    /// <summary>
    /// Something that was held here is gone: comparing with every other owner makes the replica whole, and no stream does.
    /// </summary>
    public bool MustCompare { get; init; }

    /// <summary>After the sources' streams: nothing is missing but what was lost since.</summary>
    internal ReplicaMeta Filled(VersionVector seenBySources) =>
        MustCompare ? this : this with { IsWhole = true, Watermarks = Watermarks.Join(seenBySources) };

    /// <summary>What a reader is told of a key that is held like this: only a whole owner can say that there is nothing.</summary>
    internal ReadAnswer AnswerOf(SiblingSet held, PlantedBugs bugs)
    {
        var authoritative = (Role == ReplicaRole.Primary && IsWhole) || (bugs & PlantedBugs.EmptyReplicaVotes) != 0;
        if (!held.IsEmpty)
            return ReadAnswer.Found(held, provisional: !authoritative);
        return authoritative ? ReadAnswer.NotFound : ReadAnswer.NoInformation;
    }
}
