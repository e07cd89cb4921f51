using Akka.Actor;
using KvStore.Wire;

namespace KvStore.Node.Links;

/// <summary>
/// Which actor of this node a message from another is for: its type says so. Filled by the node supervisor while it starts its children; until an
/// actor is there its messages are dropped, as they would be by a node that is not up. Any thread.
/// </summary>
public sealed class LinkRoutes
{
    private volatile IActorRef? _replicas;
    private volatile IActorRef? _coordinator;
    private volatile IActorRef? _gossip;
    private volatile IActorRef? _ring;
    private volatile IActorRef? _handoff;
    private volatile IActorRef? _hints;
    private volatile IActorRef? _seat;
    private volatile IActorRef? _storage;

    public IActorRef? Replicas
    {
        get => _replicas;
        set => _replicas = value;
    }

    public IActorRef? Coordinator
    {
        get => _coordinator;
        set => _coordinator = value;
    }

    public IActorRef? Gossip
    {
        get => _gossip;
        set => _gossip = value;
    }

    public IActorRef? Ring
    {
        get => _ring;
        set => _ring = value;
    }

    public IActorRef? Handoff
    {
        get => _handoff;
        set => _handoff = value;
    }

    public IActorRef? Hints
    {
        get => _hints;
        set => _hints = value;
    }

    /// <summary>Null where the actor system is in no cluster.</summary>
    public IActorRef? Seat
    {
        get => _seat;
        set => _seat = value;
    }

    /// <summary>Keeps what a link has to remember; no message of a peer's is for it.</summary>
    public IActorRef? Storage
    {
        get => _storage;
        set => _storage = value;
    }

    /// <summary>The actor that takes a message; null when there is none.</summary>
    public IActorRef? For(IWireMessage message) => message switch
    {
        ReplicaProtocol.FillReplica or ReplicaProtocol.ReaffirmKeys or NodeProtocol.HandoffSays => Handoff,
        ReplicaProtocol.StoreReplica { StandsFor: not null } => Hints,
        ReplicaProtocol.IReplicaRequest => Replicas,
        ClientProtocol.IClientRequest => Coordinator,
        GossipProtocol.Gossip => Gossip,
        NodeProtocol.AskHintRoom or NodeProtocol.RangeDirty => Hints,
        NodeProtocol.AskFounding => Seat,
        NodeProtocol.RingLogSays or NodeProtocol.AskEpoch or ReplicaProtocol.ReplicaFilled or ReplicaProtocol.KeysReaffirmed => Ring,
        _ => null,
    };
}
