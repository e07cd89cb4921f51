using KvStore.Core;
using KvStore.Core.Placement;
using KvStore.Node.Coordination;
using KvStore.Node.Disk;
using KvStore.Node.Links;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>What the parts of one node share.</summary>
/// <param name="Settings">The node's, with its id.</param>
/// <param name="Self">The node, as it is or will be in a ring.</param>
/// <param name="Start">Which start this is.</param>
/// <param name="Disk">Its data set, open.</param>
/// <param name="Peers">The others; follows the ring.</param>
internal sealed record NodeContext(NodeSettings Settings, RingMember Self, NodeStart Start, NodeDisk Disk, Peers Peers)
{
    /// <summary>When this start was: it names the process.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The ring to begin with where the disk has none; null for a node that joins.</summary>
    public Ring? First { get; init; }

    /// <summary>The cluster is new.</summary>
    public bool Founds { get; init; }

    /// <summary>Whether the node makes its actor system a member of the cluster, rather than the owner of that.</summary>
    public bool JoinsByItself { get; init; } = true;

    /// <summary>The ring in force.</summary>
    public CurrentRing Ring { get; } = new();

    public CurrentReachability Reachability { get; } = new();

    public LinkCounters Counters { get; } = new();

    public RequestCounters Requests { get; } = new();

    public HealingCounters Healing { get; } = new();

    /// <summary>Defects that tests switch on.</summary>
    public PlantedBugs Bugs { get; init; }
}
