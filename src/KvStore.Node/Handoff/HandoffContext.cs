using Akka.Actor;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>What a node's part in moves of partitions needs and may not change.</summary>
/// <param name="Self">This node.</param>
/// <param name="Disk">Its data set.</param>
/// <param name="Storage">The storage actor.</param>
/// <param name="Replicas">The parent of this node's replicas.</param>
/// <param name="Ring">The ring in force.</param>
/// <param name="NodeOf">Takes any message for another node.</param>
/// <param name="RingOwner">This node's.</param>
public sealed record HandoffContext(
    NodeId Self, NodeDisk Disk, IActorRef Storage, IActorRef Replicas, CurrentRing Ring, Func<NodeId, IActorRef> NodeOf,
    IActorRef RingOwner)
{
    /// <summary>Tells the ring owners of all members, whichever of them directs the move.</summary>
    public void Announce(IWireMessage fact)
    {
        foreach (var member in Ring.Value!.Members) (member.Id == Self ? RingOwner : NodeOf(member.Id)).Tell(fact, ActorRefs.NoSender);
    }

    /// <summary>
    /// An actor that carries out one operation on a strong key, coordinated here, by the plan given; it answers the reference with
    /// <see cref="ClientProtocol.RegisterDone"/> and stops.
    /// </summary>
    public required Func<PreferenceList, ClientProtocol.DoRegister, IActorRef, Props> OperationOn { get; init; }

    public HandoffOptions Options { get; init; } = new() { Patience = TimeSpan.FromSeconds(3) };

    /// <summary>How many bytes a second this node streams out, all partitions together.</summary>
    public long BytesPerSecond { get; init; } = 32 << 20;

    /// <summary>How long a refused item of a batch waits before it is offered again.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a batch waits for the replica's answer before its fill is begun again from what is on disk.</summary>
    public TimeSpan StorePatience { get; init; } = WireLimits.MaxBudget;
}
