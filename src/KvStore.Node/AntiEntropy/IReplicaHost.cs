using KvStore.Core.AntiEntropy;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using KvStore.Node.Disk;
using KvStore.Wire;

namespace KvStore.Node.AntiEntropy;

/// <summary>What a replica's actor does for the exchanges and reap rounds that run in it. Everything on that actor's thread.</summary>
internal interface IReplicaHost
{
    NodeId Self { get; }

    PartitionId Partition { get; }

    /// <summary>The other owners, old and new while the partition moves.</summary>
    IReadOnlyList<NodeId> OtherOwners { get; }

    Replica Replica { get; }

    /// <summary>What the replica wants done; carried out when the message at hand has been dealt with.</summary>
    List<ReplicaEffect> Effects { get; }

    ReplicaTime Now { get; }

    /// <summary>A number that this node has never drawn before, in no process.</summary>
    ulong NewNumber();

    /// <summary>A call to the replica whose answer (stored, answered or refused) comes back here, once.</summary>
    CallId Call(Action<ReplicaEffect> done);

    /// <summary>Reads a part of what is stored; what cannot be read has been told to the replica by then.</summary>
    void List(ListingWanted wanted, Action<IReadOnlyList<KeyHash>> done);

    /// <summary>To the other node's replica of this partition, or its answer back here.</summary>
    void Send(NodeId node, IWireMessage message);

    /// <summary>Says something to whoever listens on this node.</summary>
    void Publish(object fact);

    /// <summary>Does something later, unless the timer is started again or stopped before.</summary>
    void StartTimer(object timer, TimeSpan after, Action action);

    void StopTimer(object timer);
}
