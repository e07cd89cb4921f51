using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Data;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Disk;
using KvStore.Node.Replication;
using KvStore.Wire;

namespace KvStore.Node.Hints;

/// <summary>
/// /user/kv/hints: what this node keeps for owners that are away. Every copy that stands in for an owner comes through here on its way to the
/// replica, so that the book has it before it is stored; what its <see cref="HintBook"/> then wants, a <see cref="HintDelivery"/> a node does.
/// The other way, it hands out room to those who keep something for this node. Parent: the node supervisor; started again, it reads the hints
/// from disk, and until it has refuses new ones as "not ready".
/// </summary>
public sealed class HintActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HintContext _context;
    private readonly HintBook _book;
    private readonly HintAdmission _admission;
    private readonly long _life;
    private readonly List<HintEffect> _effects = [];
    private readonly Dictionary<NodeId, IActorRef> _deliveries = [];
    private readonly Dictionary<NodeId, TimeSpan> _asked = [];
    private ulong _deliveredHash;
    private long _generation = -1;
    private bool _isLoaded;
    private long _delivered;
    private long _dirtied;

    public HintActor(HintContext context)
    {
        _context = context;
        _admission = new HintAdmission(context.Settings.Taking);
        _life = context.Disk.NextLife();
        // What the deliveries of an earlier life still say may be in the mailbox.
        _book = new HintBook(context.Settings.Keeping, (ulong)_life << 40);
        Receive<ReplicaProtocol.StoreReplica>(m => Admit(m, m.StandsFor, m.Partition, m.Key, SizeOf(m.Set.ValueBytes())));
        Receive<ReplicaActor.MintReplica>(m => Admit(m, m.StandsFor, m.Partition, m.Key, SizeOf(m.Write.Value.Length)));
        Receive<KeepHint>(OnKeep);
        Receive<CopyStored>(OnStored);
        Receive<HintDelivery.Delivered>(OnDelivered);
        Receive<HintDelivery.Undelivered>(m => _book.OnUndelivered(m.Hint));
        Receive<NodeProtocol.AskHintRoom>(OnAsked);
        Receive<NodeProtocol.HintRoom>(OnGranted);
        Receive<NodeProtocol.RangeDirty>(OnRangeDirty);
        Receive<Tick>(_ => OnTick());
        Receive<HintLoader.Loaded>(OnLoaded);
        Receive<StorageProtocol.Settled>(m => _generation = m.Generation, m => m.Life == _life);
        Receive<StorageProtocol.StorageRestarted>(m => _generation = m.Generation);
        Receive<StorageProtocol.Committed>(_ => { });
        Receive<StorageProtocol.Logged>(_ => { });
        Receive<CopyRetired>(m =>
        {
            if (IsReady && !_book.IsKept(m.Drop.Key)) _context.Replicas.Tell(m.Drop);
        });
        Receive<GetStatus>(_ => Sender.Tell(Status()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private bool IsReady => _isLoaded && _generation >= 0;

    public static Props Props(HintContext context) => Akka.Actor.Props.Create(() => new HintActor(context));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(StorageProtocol.StorageRestarted));
        _context.Storage.Tell(new StorageProtocol.Settle(Self, _life));
        Context.ActorOf(HintLoader.Props(_context.Disk).WithDispatcher(Node.Settings.StorageSettings.ReaderDispatcher), "loader");
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TickEvery);
    }

    protected override SupervisorStrategy SupervisorStrategy() => KvSupervision.OfParts;

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>A copy for somebody else: booked, then on to the replica, which answers the sender.</summary>
    private void Admit(object request, NodeId? standsFor, PartitionId partition, BucketKey key, int bytes)
    {
        if (standsFor is not { } owner)
        {
            _context.Replicas.Forward(request);
            return;
        }
        var id = new HintId(owner, partition, Own(key));
        if (!IsReady) Refuse(Core.Coordination.Refusal.NotReady);
        else if (_book.TryKeep(id, bytes, counts: true, Now, _effects))
            _context.Replicas.Tell(request, new KeptCopyRef(Sender, Self, new CopyStored(id, bytes)));
        else Refuse(Core.Coordination.Refusal.Busy);
        Perform();
    }

    /// <summary>A delivery that read what was there before says nothing of this copy.</summary>
    private void OnStored(CopyStored stored)
    {
        if (_book.OnStored(stored.Hint, stored.Bytes, Now))
            Write(stored.Hint, new HintRecord(WallNow(), stored.Bytes, Counts: true).ToBytes());
    }

    private void Refuse(Core.Coordination.Refusal refusal) =>
        Sender.Tell(new ReplicaProtocol.ReplicaRefused(_context.Self, refusal, RingEpoch.None));

    /// <summary>A coordinator that holds the key itself keeps a note that an owner lacks it: only the note is new.</summary>
    private void OnKeep(KeepHint keep)
    {
        var id = new HintId(keep.Owner, keep.Partition, Own(keep.Key));
        var before = _book.Count;
        if (!IsReady) _effects.Add(new HintEffect.MarkDirty(keep.Owner, keep.Partition));
        else if (_book.TryKeep(id, SizeOf(keep.ValueBytes), counts: false, Now, _effects) && _book.Count > before)
            Write(id, new HintRecord(WallNow(), SizeOf(keep.ValueBytes), Counts: false).ToBytes());
        Perform();
    }

    private void OnDelivered(HintDelivery.Delivered delivered)
    {
        _delivered++;
        HealingCounters.OnDelivered();
        _deliveredHash = delivered.Hash;
        _book.OnDelivered(delivered.Hint, delivered.Generation, _effects);
        Perform();
        if (delivered.IsLast) AskForRoom();
    }

    private void OnAsked(NodeProtocol.AskHintRoom asked)
    {
        var (hints, bytes) = _admission.OnAsk(asked.From, asked.Hints, asked.Bytes, asked.First, Now);
        Sender.Tell(new NodeProtocol.HintRoom(_context.Self, hints, bytes));
    }

    private void OnRangeDirty(NodeProtocol.RangeDirty dirty)
    {
        _context.Dirty.Tell(new AntiEntropyActor.MarkDirty(dirty.Partition, dirty.Owner));
        Sender.Tell(new NodeProtocol.RangeMarked(_context.Self));
    }

    private void OnGranted(NodeProtocol.HintRoom room)
    {
        _asked.Remove(room.From);
        _book.OnGranted(room.From, room.Hints, room.Bytes, _context.Ring, _context.Reachability.IsReachable, _effects);
        Perform();
    }

    private void OnTick()
    {
        _admission.OnHealth(isWell: !_context.Disk.IsBehind);
        _context.Counters.SetHints(_book.Count, _book.Bytes);
        foreach (var (node, _) in _asked.Where(asked => Now - asked.Value > AnswerPatience).ToList())
        {
            _asked.Remove(node);
            _book.OnUnanswered(node);
        }
        AskForRoom();
    }

    private void AskForRoom()
    {
        if (!IsReady) return;
        _book.OnTick(Now, _context.Ring, _context.Reachability.IsReachable, _effects);
        Perform();
    }

    /// <summary>Oldest first, as the book counts them from then on.</summary>
    private void OnLoaded(HintLoader.Loaded loaded)
    {
        var (now, wall) = (Now, WallNow());
        foreach (var (id, record) in loaded.Hints)
            _book.Recover(id, record.Bytes, record.Counts, now - TimeSpan.FromMilliseconds(Math.Max(0, wall - record.Since)));
        _isLoaded = true;
        if (loaded.Hints.Count > 0) _log.Info("{Count} hints for others are on the disk", loaded.Hints.Count);
    }

    private void Perform()
    {
        foreach (var effect in _effects) Perform(effect);
        _effects.Clear();
    }

    private void Perform(HintEffect effect)
    {
        switch (effect)
        {
            case HintEffect.Ask ask:
                _asked[ask.To] = Now;
                _context.Peers.Link(ask.To).Tell(new NodeProtocol.AskHintRoom(_context.Self, ask.Hints, ask.Bytes, ask.First), Self);
                break;
            case HintEffect.Deliver deliver:
                DeliveryTo(deliver.To).Tell(new HintDelivery.Deliver(deliver.Hint, deliver.Generation, deliver.IsOnBehalf));
                break;
            case HintEffect.Remove remove:
                Write(remove.Hint, null);
                if (remove.DropsCopy && _deliveredHash != 0)
                    _context.Replicas.Tell(new ReplicaActor.DropCopy(remove.Hint.Partition, remove.Hint.Key, _deliveredHash), Self);
                break;
            case HintEffect.MarkDirty dirty:
                _dirtied++;
                HealingCounters.OnGivenUp();
                _context.Dirty.Tell(new AntiEntropyActor.MarkDirty(dirty.Partition, dirty.Owner));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private IActorRef DeliveryTo(NodeId node)
    {
        if (!_deliveries.TryGetValue(node, out var delivery))
            _deliveries.Add(node, delivery = Context.ActorOf(HintDelivery.Props(_context, node), $"to-{node}"));
        return delivery;
    }

    private void Write(HintId id, ReadOnlyMemory<byte>? record) => _context.Storage.Tell(new StorageProtocol.Commit(
        new StorageProtocol.Claim(ActorRefs.Nobody, _life, _generation, 0), [new StorageProtocol.DataWrite(DataKeys.Hint(id), record)], Synced: false));

    private static long WallNow() => Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    private static int SizeOf(long valueBytes) => (int)Math.Min(int.MaxValue, valueBytes + 64);

    /// <summary>A key with bytes of its own: a hint outlives the message that it came in.</summary>
    private static BucketKey Own(BucketKey key) => new(key.Bucket, Key.Create(key.Key.Span.ToArray()));

    private HintStatus Status() => new(
        _book.Count, _book.Bytes, [.. _book.Owners.Select(owner => new HintsWaiting(owner.Owner, owner.Hints))], _delivered, _dirtied, _admission.Rate);

    /// <summary>Note that an owner lacks a write that this node, an owner too, has.</summary>
    public sealed record KeepHint(NodeId Owner, PartitionId Partition, BucketKey Key, long ValueBytes);

    /// <summary>The replica has stored a copy that was booked.</summary>
    internal sealed record CopyStored(HintId Hint, int Bytes);

    /// <summary>
    /// An owner vouches now for all that this node minted as a stand-in there: the copy may go, if nobody waits for it by now.
    /// </summary>
    public sealed record CopyRetired(ReplicaActor.DropCopy Drop);

    /// <summary>Answered with <see cref="HintStatus"/>.</summary>
    public sealed class GetStatus
    {
        public static readonly GetStatus Instance = new();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
