using Akka.Actor;
using KvStore.Core;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node.Replication;

/// <summary>What every replica of one node needs and none may change.</summary>
/// <param name="Settings">The node's.</param>
/// <param name="Current">The ring in force; there is one before there are replicas.</param>
/// <param name="Start">Which start this is; it is part of every dot.</param>
/// <param name="Disk">Reads that need no disk.</param>
/// <param name="Storage">The storage actor: writes, and the other reads.</param>
public sealed record ReplicaContext(NodeSettings Settings, CurrentRing Current, NodeStart Start, NodeDisk Disk, IActorRef Storage)
{
    public NodeId Self => Settings.Id;

    /// <summary>The ring in force now.</summary>
    public Ring Ring => Current.Value!;

    /// <summary>Whether this node owns a copy of the partition, by the ring in force.</summary>
    public bool IsPrimary(PartitionId partition) => Ring is var ring && ring.PreferenceList(partition, ring.Replicas).IsPrimary(Self);

    /// <summary>The other nodes.</summary>
    public required Peers Peers { get; init; }

    public ReplicaOptions Options { get; init; } = new();

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }
}
