using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;
using KvStore.Data;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Disk;
using KvStore.Wire;

namespace KvStore.Node.Replication;

/// <summary>
/// /user/kv/replicas/p-N: one partition at this node. Asks its <see cref="Replica"/> what to do about each message and does it: reads
/// where that needs no disk, and hands the rest to the storage actor. Parent: <see cref="ReplicasActor"/>.
/// <para>Until its meta is read, and while the keys of a dropped bucket go, requests wait, within a bound;
/// beyond it, and after it was told to close, they are refused as
/// "not ready". A restart of it, or of the storage
/// actor, ends what was under way as unknown and reads the meta again, after everything that was sent to storage before. Answers of storage
/// to an earlier life are not handled.</para>
/// </summary>
public sealed partial class ReplicaActor : ReceiveActor, IWithTimers
{
    /// <summary>Requests that may wait for the opening, or for keys to go: either takes one read and at most one sync.</summary>
    private const int MaxWaiting = 256;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ReplicaContext _context;
    private readonly PartitionId _partition;
    private readonly Dictionary<CallId, IActorRef> _callers = [];
    private readonly ReplicaExchanges _exchanges;
    private readonly ReplicaReaping _reaping;
    private readonly ReplicaRetirement _retirement;
    private readonly List<ReplicaEffect> _effects = [];
    private readonly List<(IActorRef Sender, object Request)> _waiting = [];
    private readonly ReplicaDisk _disk;
    private Replica? _replica;
    private Incarnation? _lastTenure;
    private long _recoveryScan;
    private long _lastCall;
    private bool _saidReady;
    private bool _isOpening;
    private bool _isClosing;

    public ReplicaActor(ReplicaContext context, PartitionId partition)
    {
        (_context, _partition) = (context, partition);
        _disk = new ReplicaDisk(context, partition, Self);
        _exchanges = new ReplicaExchanges(new Host(this), context.Settings.AntiEntropy);
        _reaping = new ReplicaReaping(new Host(this), context.Settings.AntiEntropy);
        _retirement = new ReplicaRetirement(new Host(this), context.Settings.AntiEntropy);
        Receive<MintReplica>(OnMint);
        Receive<ReplicaProtocol.StoreReplica>(OnStore);
        Receive<ReplicaProtocol.ReadReplica>(OnRead);
        Receive<ReplicaProtocol.ListReplica>(OnList);
        Receive<StorageProtocol.Logged>(m => OnLogged(m.Tag), m => m.Life == _disk.Life);
        Receive<StorageProtocol.Committed>(m => OnCommitted(m.Tag), m => m.Life == _disk.Life);
        Receive<StorageProtocol.Loaded>(OnLoaded, m => m.Life == _disk.Life);
        Receive<StorageProtocol.Scanned>(OnScanned, m => m.Life == _disk.Life);
        Receive<StorageProtocol.ReplicaOpened>(OnOpened, m => m.Life == _disk.Life);
        Receive<StorageProtocol.StorageRestarted>(_ => Open());
        Receive<CloseReplica>(_ => OnClose());
        Receive<FollowRing>(_ => IfOpen(Follow));
        TakePartInMoves();
        ReceiveHealing();
    }

    private static ReplicaTime Now => new(Context.System.Scheduler.MonotonicClock, Context.System.Scheduler.Now.ToUnixTimeMilliseconds());

    public static Props Props(ReplicaContext context, PartitionId partition) =>
        Akka.Actor.Props.Create(() => new ReplicaActor(context, partition));

    protected override void PreStart() => Open();

    protected override void PostStop()
    {
        _exchanges.OnStopped();
        _reaping.OnStopped();
        base.PostStop();
    }

    private void Open()
    {
        _isOpening = true;
        _deletion = null;
        _whenStored.Clear();
        _listings.Clear();
        _reaping.OnStorageLost();
        _disk.Open();
    }

    private void OnOpened(StorageProtocol.ReplicaOpened opened)
    {
        _isOpening = false;
        var meta = opened.Meta ?? Absent();
        _disk.Generation = opened.Generation;
        if (_replica is null) Begin(meta, opened);
        else
        {
            _lastTenure = null;
            _replica.OnStorageLost(meta, _effects);
            foreach (var promised in _disk.TakePromised()) _effects.Add(promised);
        }
        Perform();
        // A new generation that came while this was closed: nobody says so again.
        if (_context.Ring.Epoch.Generation > _replica!.Fence.Generation) IfOpen(Follow);
        ReleaseWaiting();
    }

    private void Begin(ReplicaMeta meta, StorageProtocol.ReplicaOpened opened)
    {
        var unbroken = opened.Meta is not null && _context.Disk.TakesOver(_partition);
        var tree = ReplicaDisk.TreeOf(opened.Tree, unbroken);
        _replica = new Replica(_partition, meta, unbroken, tree, _context.Options) { Bugs = _context.Bugs };
        if (!unbroken) _lastTenure = meta.Tenure;
        _replica.Start(_effects);
    }

    /// <summary>A partition without a record: what this node has of it, if anything, came before it was given to this node.</summary>
    private ReplicaMeta Absent()
    {
        return (_context.IsPrimary(_partition) ? ReplicaMeta.ToBeFilled : ReplicaMeta.StandIn) with { Fence = _context.Ring.Epoch };
    }

    private void OnMint(MintReplica m)
    {
        if (!Admits(m, isWrite: true)) return;
        _replica!.OnCoordinate(NewCall(), m.Epoch, m.Key, m.Write, m.StandsFor, Now, _effects);
        Perform();
    }

    private void OnStore(ReplicaProtocol.StoreReplica m)
    {
        if (!Admits(m, isWrite: true)) return;
        _replica!.OnMerge(NewCall(), m.Epoch, m.Key, m.Set, m.StandsFor, Now, _effects);
        Perform();
    }

    private void OnRead(ReplicaProtocol.ReadReplica m)
    {
        if (!Admits(m, isWrite: false)) return;
        _replica!.OnRead(NewCall(), m.Epoch, m.Key, Now, _effects);
        Perform();
    }

    /// <summary>Whether a request may come in now; else it waits for the opening, or is refused at once, and nothing was done.</summary>
    private bool Admits(object request, bool isWrite)
    {
        if (_isClosing) return Refuse(Refusal.NotReady);
        if (!_isOpening) Follow();
        if (_isOpening || _deletion is not null)
        {
            if (_waiting.Count >= MaxWaiting) return Refuse(Refusal.NotReady);
            _waiting.Add((Sender, request));
            return false;
        }
        if (!isWrite || !_context.Disk.IsBehind) return true;
        StorageMetrics.CountBusy();
        return Refuse(Refusal.Busy);
    }

    private bool Refuse(Refusal refusal)
    {
        Sender.Tell(new ReplicaProtocol.ReplicaRefused(_context.Self, refusal, _replica?.Fence ?? RingEpoch.None));
        return false;
    }

    private void OnLogged(long tag)
    {
        if (!ReplicaDisk.IsStore(tag)) return;
        _replica!.OnLogged(new StoreTicket(tag), _effects);
        Perform();
    }

    private void OnCommitted(long tag)
    {
        if (ReplicaDisk.IsStore(tag)) _replica!.OnStored(new StoreTicket(tag), Now, _effects);
        else if (tag == _disk.ClosingTag) Closed();
        else if (tag == _disk.DeletingTag) OnBucketsDeleted();
        else if (_whenStored.Remove(tag, out var done)) done();
        else OnPromised(_disk.Kept(tag));
        Perform();
    }

    private void OnPromised(ReplicaEffect? promised)
    {
        switch (promised)
        {
            case ReplicaEffect.BeginTenure begin:
                _replica!.OnTenureBegun(_disk.BegunTenure, begin.LeaseBlock, Now, _effects);
                break;
            case ReplicaEffect.ExtendLease extend:
                _replica!.OnLeaseExtended(extend.Incarnation, extend.End);
                break;
            case ReplicaEffect.SaveFence fence:
                _replica!.OnFenceSaved(fence.Epoch, _effects);
                break;
        }
    }

    private void Closed()
    {
        Context.Parent.Tell(new ReplicaClosed(_partition));
        Context.Stop(Self);
    }

    private void OnLoaded(StorageProtocol.Loaded m)
    {
        _replica!.OnLoaded(m.Name, m.Result, Now, _effects);
        Perform();
    }

    /// <summary>A piece of the scan that fills a tree. What cannot be read is told before the scan counts as complete.</summary>
    private void OnScanned(StorageProtocol.Scanned piece)
    {
        if (_disk.TreeOfScan(piece.Tag) is not { } tree) return;
        foreach (var (token, hash) in piece.Entries) tree.AddScanned(new Token(token), hash);
        if (piece.HasHoles || piece.Unreadable.Count > 0) _lastTenure = null;
        foreach (var key in piece.Unreadable) _replica!.OnDamageFound(key, _effects);
        if (piece.HasHoles) _replica!.OnDamageFound(ReplicaDisk.Hole, _effects);
        if (piece.IsLast)
        {
            _disk.EndScan(piece.Tag);
            tree.CompleteScan();
            OnRecovered(piece);
        }
        Perform();
    }

    /// <summary>
    /// The first scan saw what the last start left, before anything of this one: up to the highest counter of that tenure all is here,
    /// unless something could not be read.
    /// </summary>
    private void OnRecovered(StorageProtocol.Scanned last)
    {
        if (last.Tag != _recoveryScan || _lastTenure is not { } earlier) return;
        if (last.Highest > 0) _replica!.OnRecovered(earlier, last.Highest, _effects);
        _lastTenure = null;
    }

    private void OnClose()
    {
        _isClosing = true;
        if (_replica is null || _isOpening)
        {
            // Nothing was changed in this life: what is on disk stands as it is.
            Context.Stop(Self);
            return;
        }
        CloseWhenIdle();
    }

    private void CloseWhenIdle()
    {
        if (_isClosing && _deletion is null && _disk.ClosingTag == 0 && _replica!.PendingCalls == 0) _disk.Close(_replica);
    }

    /// <summary>Carries effects out, and what those bring about, until there is nothing left to do.</summary>
    private void Perform()
    {
        for (var i = 0; i < _effects.Count; i++) Perform(_effects[i]);
        _effects.Clear();
        SayIfNotWhole();
        _context.Disk.Keys[_partition.Value] = _replica!.Tree.Keys;
        if (!_saidReady && !_disk.HasPromises) SayReady();
        DeleteWhenIdle();
        CloseWhenIdle();
    }

    /// <summary>It has an incarnation and counters: from now on it can mint.</summary>
    private void SayReady()
    {
        _saidReady = true;
        Context.Parent.Tell(new ReplicaReady(_partition));
    }

    private void Perform(ReplicaEffect effect)
    {
        switch (effect)
        {
            case ReplicaEffect.Load load:
                if (_disk.TryLoad(load.Key, out var held)) _replica!.OnLoaded(load.Key, held, Now, _effects);
                break;
            case ReplicaEffect.Store store:
                _disk.Store(store, _replica!.AwaitsLogged(store.Ticket), Now.WallMilliseconds);
                _reaping.OnStored(store.Key, store.Set);
                break;
            case ReplicaEffect.SaveMeta save:
                _disk.SaveMeta(save.Meta);
                break;
            case ReplicaEffect.BeginTenure or ReplicaEffect.ExtendLease or ReplicaEffect.SaveFence:
                _disk.Promise(effect, _replica!.Meta);
                break;
            case ReplicaEffect.RebuildTree rebuild:
                var scan = _disk.Scan(rebuild.Tree, _lastTenure);
                if (_recoveryScan == 0) _recoveryScan = scan;
                break;
            case ReplicaEffect.Minted minted:
                _callers[minted.Call].Tell(new ReplicaMinted(minted.Dot, minted.Set));
                break;
            case ReplicaEffect.Stored stored:
                if (EndOwnCall(stored.Call, effect)) break;
                Answer(stored.Call, new ReplicaProtocol.ReplicaStored(_context.Self, _context.Disk.AcknowledgesDurable));
                break;
            case ReplicaEffect.Answered answered:
                if (EndOwnCall(answered.Call, effect)) break;
                Answer(answered.Call, new ReplicaProtocol.ReplicaRead(_context.Self, answered.Answer));
                break;
            case ReplicaEffect.Refused refused:
                if (EndOwnCall(refused.Call, effect)) break;
                Answer(refused.Call, new ReplicaProtocol.ReplicaRefused(_context.Self, refused.Refusal, refused.Fence));
                break;
            case ReplicaEffect.Damaged damaged:
                StorageMetrics.CountDamage();
                _log.Error("What {Partition} holds under {Key} cannot be read; the other replicas' copies take its place", _partition, damaged.Key);
                break;
            case ReplicaEffect.Fenced fenced:
                Answer(fenced.Call, new ReplicaProtocol.ReplicaFenced(_context.Self, _partition, fenced.Epoch));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private CallId NewCall()
    {
        var call = new CallId(++_lastCall);
        _callers.Add(call, Sender);
        return call;
    }

    private void Answer(CallId call, object answer)
    {
        if (_callers.Remove(call, out var caller)) caller.Tell(answer);
    }

    /// <summary>
    /// Coordinate a write here: mint its dot and store it. Never leaves the node. Answered by <see cref="ReplicaMinted"/> and then
    /// <see cref="ReplicaProtocol.ReplicaStored"/>, or by <see cref="ReplicaProtocol.ReplicaRefused"/>.
    /// </summary>
    public sealed record MintReplica(RingEpoch Epoch, PartitionId Partition, BucketKey Key, WriteRequest Write, NodeId? StandsFor);

    /// <summary>The write has its dot; this is what the replica holds with it, to be sent to the others.</summary>
    public sealed record ReplicaMinted(Dot Dot, SiblingSet Set);

    /// <summary>To the parent, once: requests of every kind are taken from now on.</summary>
    public sealed record ReplicaReady(PartitionId Partition);

    /// <summary>Take nothing more, end what is under way, write down what the next start goes on with, and stop.</summary>
    public sealed class CloseReplica
    {
        public static readonly CloseReplica Instance = new();
    }

    /// <summary>To the parent: all is written.</summary>
    public sealed record ReplicaClosed(PartitionId Partition);
}
