using System.Collections.Immutable;
using KvStore.Core.Buckets;
using KvStore.Core.Identity;

namespace KvStore.Core.Placement;

/// <summary>
/// Who owns what, at one epoch: consistent hashing with Q equal partitions (Dynamo, section 6.2, strategy 3). Each partition has an
/// owner; its replicas are found clockwise from it. While the ring changes it carries the next owners as well, and each partition's
/// phase says which of the two serves it.
/// <para>Immutable, any thread. Made by <see cref="RingPlanner"/> and the ring log; gossip only spreads it.</para>
/// Invariants: (1) every owner is a member; (2) members are sorted by id and distinct; (3) a partition has a phase other than
/// <see cref="MovePhase.None"/> exactly when its replicas differ between the owners and the next owners.
/// </summary>
public sealed class Ring
{
    /// <summary>The fewest partitions.</summary>
    public const int MinPartitions = 64;

    /// <summary>Partitions of a cluster that was created without a number.</summary>
    public const int DefaultPartitions = 256;

    /// <summary>The most copies a bucket may ask for.</summary>
    public const int MaxReplicas = 16;

    /// <summary>The most nodes.</summary>
    public const int MaxMembers = 1024;

    private readonly Dictionary<NodeId, string> _racks;
    private readonly Dictionary<NodeId, RingMember> _byId;
    private readonly int _distinctOwners;
    private readonly int _distinctNextOwners;
    private readonly PreferenceList?[]?[] _lists = new PreferenceList?[]?[MaxReplicas + 1];

    /// <exception cref="ArgumentException">The parts do not make a ring; the message says why.</exception>
    public Ring(
        ClusterId cluster,
        RingEpoch epoch,
        int replicas,
        ImmutableArray<RingMember> members,
        ImmutableArray<NodeId> owners,
        ImmutableArray<NodeId> nextOwners = default,
        ImmutableArray<MovePhase> phases = default,
        ImmutableArray<NodeId> removed = default,
        BucketCatalogue? buckets = null)
    {
        Cluster = cluster;
        Epoch = epoch;
        Replicas = replicas;
        Members = members;
        Owners = owners;
        NextOwners = nextOwners.IsDefault || nextOwners.SequenceEqual(owners) ? owners : nextOwners;
        Phases = phases.IsDefault ? [.. new MovePhase[owners.Length]] : phases;
        Removed = removed.IsDefault ? [] : removed;
        Buckets = buckets ?? BucketCatalogue.New(replicas);
        RingShape.Check(this);
        _byId = Members.ToDictionary(member => member.Id);
        _racks = Members.ToDictionary(member => member.Id, member => member.Rack);
        _distinctOwners = Owners.Distinct().Count();
        _distinctNextOwners = NextOwners.Distinct().Count();
    }

    /// <summary>The cluster this is a ring of.</summary>
    public ClusterId Cluster { get; }

    public RingEpoch Epoch { get; }

    /// <summary>The most copies that a bucket of this cluster asks for; what moves is decided for this many.</summary>
    public int Replicas { get; }

    /// <summary>All nodes of the ring, by id. They are the voters on the epoch that follows.</summary>
    public ImmutableArray<RingMember> Members { get; }

    /// <summary>The owner of each partition.</summary>
    public ImmutableArray<NodeId> Owners { get; }

    /// <summary>The owners after the change under way; the same array as <see cref="Owners"/> when there is none.</summary>
    public ImmutableArray<NodeId> NextOwners { get; }

    /// <summary>How far each partition has moved.</summary>
    public ImmutableArray<MovePhase> Phases { get; }

    /// <summary>The nodes removed most recently (at most 256), for whoever still hears from them.</summary>
    public ImmutableArray<NodeId> Removed { get; }

    /// <summary>What is agreed about the buckets.</summary>
    public BucketCatalogue Buckets { get; }

    /// <summary>Q.</summary>
    public int PartitionCount => Owners.Length;

    /// <summary>Whether a change is under way.</summary>
    public bool IsChanging => NextOwners != Owners || Members.Any(member => member.Status != RingMemberStatus.Valid);

    /// <summary>How many voters a decision on the next epoch needs.</summary>
    public int Majority => Members.Length / 2 + 1;

    public PartitionId PartitionOf(BucketKey name) => Token.Of(name).PartitionOf(PartitionCount);

    public PartitionId PartitionOf(Token token) => token.PartitionOf(PartitionCount);

    /// <summary>Every partition, in order.</summary>
    public IEnumerable<PartitionId> Partitions => Enumerable.Range(0, PartitionCount).Select(index => new PartitionId(index));

    public MovePhase PhaseOf(PartitionId partition) => Phases[partition.Value];

    public bool Contains(NodeId node) => _byId.ContainsKey(node);

    /// <summary>The member with this id, or null.</summary>
    public RingMember? Member(NodeId node) => _byId.GetValueOrDefault(node);

    /// <summary>Who is responsible for a partition with <paramref name="n"/> copies; computed once and kept.</summary>
    public PreferenceList PreferenceList(PartitionId partition, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxReplicas);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition.Value, PartitionCount);
        var lists = _lists[n] ??= new PreferenceList?[PartitionCount];
        return lists[partition.Value] ??= new PreferenceList(
            Epoch, partition, n, PhaseOf(partition), OldOrder(partition), NewOrder(partition));
    }

    /// <summary>The preference list of the object's partition.</summary>
    public PreferenceList PreferenceList(BucketKey name, int n) => PreferenceList(PartitionOf(name), n);

    /// <summary>The partitions of which the node is a primary, old or new, with <paramref name="n"/> copies.</summary>
    public IEnumerable<PartitionId> PartitionsOf(NodeId node, int n) =>
        Partitions.Where(partition => PreferenceList(partition, n).IsPrimary(node));

    /// <summary>Whether both say the same, to the last owner.</summary>
    public bool IsSameAs(Ring other) =>
        ReferenceEquals(this, other)
        || (Cluster == other.Cluster && Epoch == other.Epoch && Replicas == other.Replicas
            && Members.SequenceEqual(other.Members)
            && Owners.SequenceEqual(other.Owners)
            && NextOwners.SequenceEqual(other.NextOwners)
            && Phases.SequenceEqual(other.Phases)
            && Removed.SequenceEqual(other.Removed)
            && Buckets.IsSameAs(other.Buckets));

    internal ImmutableArray<NodeId> OldOrder(PartitionId partition) =>
        RingWalk.Order(Owners, partition, _racks, _distinctOwners);

    internal ImmutableArray<NodeId> NewOrder(PartitionId partition) =>
        NextOwners == Owners ? OldOrder(partition) : RingWalk.Order(NextOwners, partition, _racks, _distinctNextOwners);
}
