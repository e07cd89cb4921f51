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

    /// <summary>To the other node's replica of this partition; its answer comes to <paramref name="done"/>, or none does.</summary>
    void Ask(NodeId node, IWireMessage message, Action<object> done);

    /// <summary>Forgets the questions to others that are not answered.</summary>
    void ForgetAsked();

    /// <summary>Whether the line to a node is open.</summary>
    bool IsLinked(NodeId node);

    /// <summary>Carries out <see cref="Effects"/> and says so when all of it that goes to the disk is there.</summary>
    void WhenStored(Action done);

    /// <summary>Says something to whoever listens on this node.</summary>
    void Publish(object fact);

    /// <summary>Does something later, unless the timer is started again or stopped before.</summary>
    void StartTimer(object timer, TimeSpan after, Action action);

    void StopTimer(object timer);
}
