using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node.Hints;

/// <summary>What the hint actor and its deliveries need and may not change.</summary>
/// <param name="Settings">Limits and rates.</param>
/// <param name="Current">Who owns what.</param>
/// <param name="Peers">The other nodes.</param>
/// <param name="Reachability">Who can be reached now.</param>
/// <param name="Disk">The node's data.</param>
/// <param name="Storage">Takes writes.</param>
/// <param name="Replicas">The parent of this node's replicas.</param>
/// <param name="Dirty">Takes what is left to anti-entropy.</param>
public sealed record HintContext(
    HintSettings Settings, CurrentRing Current, Peers Peers, CurrentReachability Reachability, NodeDisk Disk, IActorRef Storage, IActorRef Replicas,
    IActorRef Dirty)
{
    public NodeId Self => Peers.Self;

    /// <summary>Is told what there is, and what becomes of it.</summary>
    public required HealingCounters Counters { get; init; }

    /// <summary>The ring in force now.</summary>
    public Ring Ring => Current.Value!;
}
