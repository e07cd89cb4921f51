using System.Buffers.Binary;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Membership;

/// <summary>
/// /user/kv/gossip: beats, hears the others beat, and publishes whom this node can reach. A connection that breaks counts at once; silence
/// counts when it has lasted too long for that peer. Parent: the node supervisor; restarted with nothing remembered but the count of its
/// beats, which is safe: nobody is suspected then until it has been silent anew.
/// </summary>
internal sealed class GossipActor : ReceiveActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly GossipTable _table;
    private readonly Peers _peers;
    private readonly IActorRef _ringOwner;
    private readonly CurrentReachability _reachability;
    private readonly TimeSpan _interval;
    private readonly List<GossipEffect> _effects = [];
    private readonly BeatCount _beats;

    public GossipActor(NodeContext node, IActorRef ringOwner, BeatCount beats)
    {
        _beats = beats;
        (_peers, _reachability, _interval, _ringOwner) = (node.Peers, node.Reachability, node.Settings.Timeouts.GossipInterval, ringOwner);
        var ring = node.Ring.Value!;
        var heartbeat = new Heartbeat(node.Self.Id, node.Start.Number, beats.Last, node.Self.Address, ring.Epoch, Load: 0, Suspects: []);
        _table = new GossipTable(heartbeat, new GossipOptions { Interval = _interval }, new BreakerOptions());
        _table.OnRing(ring, Now);
        Receive<CurrentRing.RingChanged>(changed => _table.OnRing(changed.Ring, Now));
        Receive<Beat>(_ => Do(() => _table.OnTick(Now, NextRandom(), _effects)));
        Receive<GossipProtocol.Gossip>(m => Do(() => _table.OnMessage(m.From, m.Message, Now, _effects)));
        Receive<DisassociatedEvent>(OnConnectionLost);
        Receive<AssociationErrorEvent>(OnConnectionLost);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(NodeContext node, IActorRef ringOwner)
    {
        var beats = new BeatCount();
        return Akka.Actor.Props.Create(() => new GossipActor(node, ringOwner, beats));
    }

    protected override void PreStart()
    {
        _reachability.Publish(_table.Reachability); // what the life before thought of whom is forgotten with it
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, TimeSpan.Zero, _interval);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void OnConnectionLost(AssociationEvent lost)
    {
        if (_peers.NodeAt(lost.RemoteAddress) is { } peer) Do(() => _table.OnConnectionLost(peer, Now, _effects));
    }

    private void Do(Action step)
    {
        step();
        foreach (var effect in _effects) Perform(effect);
        _effects.Clear();
    }

    private void Perform(GossipEffect effect)
    {
        switch (effect)
        {
            case GossipEffect.Send send:
                _peers.Link(send.To).Tell(new GossipProtocol.Gossip(_peers.Self, send.Message));
                break;
            case GossipEffect.ReachabilityChanged changed:
                _reachability.Publish(changed.Reachability);
                _log.Info("Out of reach now: {Nodes}", changed.Reachability.Unreachable.IsEmpty
                    ? "nobody" : string.Join(", ", changed.Reachability.Unreachable.Order()));
                break;
            case GossipEffect.PeerStarted started:
                _log.Info("Node {Node} has started ({Start}) at {Address}", started.Peer, started.Start, started.Address);
                Context.System.EventStream.Publish(new PeerStarted(started.Peer, started.Start, started.Address));
                break;
            case GossipEffect.NewerRingSeen seen:
                _ringOwner.Tell(new RingCommands.EpochSeen(seen.Peer, seen.Epoch));
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// Chooses peers, nothing more: a different number for each beat of each node, and the same in every repetition of a run.
    /// </summary>
    private ulong NextRandom()
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(ulong)];
        _peers.Self.Write(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[NodeId.Size..], _beats.Next());
        return StableHash.Of(bytes);
    }

    /// <summary>On the event stream: a node speaks from there (HOST:PORT) since a start that is newer than any heard of.</summary>
    public sealed record PeerStarted(NodeId Node, uint Start, string Place);

    private sealed class Beat
    {
        public static readonly Beat Instance = new();
    }
}
