using System.Buffers.Binary;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>
/// /user/kv/handoff: the partitions that are on their way to or from this node. Hands each message to the stream that it is of; a
/// stream is a child: <see cref="FillActor"/> where this node is filled, <see cref="SourceActor"/> where it is what others are filled
/// from, <see cref="ReaffirmActor"/> where it writes strong keys to the new owners as well. Parent: the node supervisor; restarted with
/// nothing remembered but what is on disk: whoever asked asks again.
/// <para>Invariant: at most one stream for each partition and epoch in each direction and with each other node.</para>
/// </summary>
public sealed class HandoffActor : ReceiveActor
{
    /// <summary>More than any one move has at one time; what is beyond is dropped, and asked again.</summary>
    private const int MaxStreams = 1024;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandoffContext _context;
    private readonly Dictionary<(PartitionId Partition, RingEpoch Epoch), IActorRef> _fills = [];
    private readonly Dictionary<(PartitionId Partition, RingEpoch Epoch), IActorRef> _reaffirmations = [];
    private readonly Dictionary<HandoffId, IActorRef> _sources = [];
    private readonly Pace _pace;
    private ulong _draws;

    public HandoffActor(HandoffContext context)
    {
        _context = context;
        _pace = new Pace(context.BytesPerSecond);
        Receive<ReplicaProtocol.FillReplica>(OnFill);
        Receive<ReplicaProtocol.ReaffirmKeys>(OnReaffirm);
        Receive<NodeProtocol.HandoffSays>(OnSays);
        Receive<GetTransfers>(_ => Sender.Tell(new Transfers([.. _fills.Keys.Select(fill => fill.Partition)], [.. _sources.Keys])));
        Receive<CurrentRing.RingChanged>(changed => OnRing(changed.Ring));
        Receive<Terminated>(OnEnded);
    }

    public static Props Props(HandoffContext context) => Akka.Actor.Props.Create(() => new HandoffActor(context));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));

    protected override SupervisorStrategy SupervisorStrategy() => KvSupervision.OfParts;

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>A partition that is not being filled any more needs no streams.</summary>
    private void OnRing(Ring ring)
    {
        foreach (var (fill, child) in _fills)
            if (ring.PhaseOf(fill.Partition) != MovePhase.WriteBothReadOld) Context.Stop(child);
        foreach (var (keys, child) in _reaffirmations)
            if (ring.PhaseOf(keys.Partition) != MovePhase.WriteBothReadOld) Context.Stop(child);
        foreach (var (source, child) in _sources)
            if (ring.PhaseOf(source.Partition) != MovePhase.WriteBothReadOld) Context.Stop(child);
    }

    private void OnFill(ReplicaProtocol.FillReplica fill)
    {
        var stream = (fill.Partition, fill.Epoch);
        if (!_fills.TryGetValue(stream, out var child))
        {
            if (IsFull()) return;
            foreach (var old in _fills.Where(entry => entry.Key.Partition == fill.Partition && entry.Key.Epoch < fill.Epoch).ToArray())
                Context.Stop(old.Value);
            child = Context.Watch(Context.ActorOf(FillActor.Props(_context, fill, NextRandom())));
            _fills.Add(stream, child);
            _log.Info("Partition {Partition} is to be filled from {Sources}, for epoch {Epoch}", fill.Partition,
                string.Join(", ", fill.Sources), fill.Epoch);
        }
        child.Forward(fill);
    }

    private void OnReaffirm(ReplicaProtocol.ReaffirmKeys ask)
    {
        var (ring, keys) = (_context.Ring.Value!, (ask.Partition, ask.Epoch));
        if (ring.Epoch < ask.Epoch || ring.PhaseOf(ask.Partition) != MovePhase.WriteBothReadOld) return;
        if (!ring.Buckets.Definitions.Any(bucket => bucket.IsStrong))
        {
            // A strong bucket that is created from now on is written to the old and to the new owners from its first key on.
            _context.Announce(new ReplicaProtocol.KeysReaffirmed(_context.Self, ask.Partition, ask.Epoch));
            return;
        }
        if (!_reaffirmations.TryGetValue(keys, out var child))
        {
            if (IsFull()) return;
            child = _reaffirmations[keys] = Context.Watch(Context.ActorOf(ReaffirmActor.Props(_context, ask)));
        }
        child.Forward(ask);
    }

    private void OnSays(NodeProtocol.HandoffSays says)
    {
        var handoff = says.Message.Handoff;
        if (handoff.Receiver == _context.Self && handoff.Source == says.From)
        {
            if (_fills.TryGetValue((handoff.Partition, handoff.Epoch), out var fill)) fill.Forward(says);
        }
        else if (handoff.Source == _context.Self && handoff.Receiver == says.From)
        {
            SourceOf(handoff, says.Message)?.Forward(says);
        }
    }

    private IActorRef? SourceOf(HandoffId handoff, HandoffMessage message)
    {
        if (_sources.TryGetValue(handoff, out var known)) return known;
        if (message is not HandoffMessage.Request || IsFull()) return null;
        return _sources[handoff] = Context.Watch(Context.ActorOf(SourceActor.Props(_context, handoff, _pace)));
    }

    private bool IsFull() => _fills.Count + _reaffirmations.Count + _sources.Count >= MaxStreams;

    private void OnEnded(Terminated ended)
    {
        foreach (var fill in _fills.Where(entry => entry.Value.Equals(ended.ActorRef)).ToArray()) _fills.Remove(fill.Key);
        foreach (var keys in _reaffirmations.Where(entry => entry.Value.Equals(ended.ActorRef)).ToArray()) _reaffirmations.Remove(keys.Key);
        foreach (var source in _sources.Where(entry => entry.Value.Equals(ended.ActorRef)).ToArray()) _sources.Remove(source.Key);
    }

    /// <summary>Names sessions: another number for each fill of each start, and the same in every repetition of a run.</summary>
    private ulong NextRandom()
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(uint) + sizeof(ulong)];
        _context.Self.Write(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[NodeId.Size..], _context.Disk.Data.StartNumber);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(NodeId.Size + sizeof(uint))..], ++_draws);
        return StableHash.Of(bytes);
    }

    /// <summary>Answered by <see cref="Transfers"/>.</summary>
    public sealed class GetTransfers
    {
        public static readonly GetTransfers Instance = new();
    }

    /// <summary>What is on its way to this node, and from it.</summary>
    public sealed record Transfers(IReadOnlyList<PartitionId> In, IReadOnlyList<HandoffId> Out);
}
