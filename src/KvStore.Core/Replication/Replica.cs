using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Replication;

/// <summary>
/// One partition at one node: mints dots, merges, has states stored, answers reads, refuses stale epochs, rejects late copies of
/// what was reaped, and keeps the hash tree. Knows nothing of disks: it says what to load and store, and is told when
/// that is done. One owner calls it, one event after the other; not thread-safe.
/// <para>Invariants: (1) at most one read-merge-write of a key is under way, what arrives meanwhile is applied in one go after
/// it; (2) dots are minted when their store is issued, so that the log holds them in counter order, and what a crash
/// leaves of an incarnation is whole up to some counter; (3) an incarnation ends when anything held was dropped or a store's fate
/// is unknown, and no dot is minted before the next one is durable; (4) a call is acknowledged after the store that
/// contains it, and a read sees no store before that; (5) "not found" is said only by a primary that is whole; (6) the tree is that
/// of what is stored or being stored.</para>
/// <para>After Riak KV's vnode, and its issues kv679 and #1643 for what an incarnation must be.</para>
/// </summary>
public sealed partial class Replica
{
    private readonly ReplicaOptions _options;
    private readonly ReplicaFence _fence;
    private readonly ClientWrites _writes;
    private readonly bool _unbroken;
    private readonly HashSet<NodeId> _exchangedWith = [];
    private readonly HashSet<BucketKey> _damaged = [];
    private readonly Dictionary<BucketKey, PendingKey> _pending = [];
    private readonly Dictionary<StoreTicket, PendingKey> _stores = [];
    private readonly ReplicaTenure _tenure;
    private readonly ReplicaTree _tree;
    private bool _hasLet;
    private long _lastTicket;
    private int _calls;

    /// <param name="partition">Which partition.</param>
    /// <param name="meta">What was found beside the data.</param>
    /// <param name="unbroken">Whether the node stopped cleanly and lost nothing since: only then the incarnation goes on.</param>
    /// <param name="tree">The hash tree of what is stored; after an unclean stop an incomplete one, to be filled.</param>
    /// <param name="options">Bounds.</param>
    public Replica(PartitionId partition, ReplicaMeta meta, bool unbroken, HashTree tree, ReplicaOptions options)
    {
        (Partition, Meta, _tree, _options) = (partition, meta, new ReplicaTree(tree), options);
        _fence = new ReplicaFence(meta.Fence);
        _writes = new ClientWrites(options);
        (_unbroken, _tenure) = (unbroken, new ReplicaTenure(options.LeaseBlock));
    }

    public PartitionId Partition { get; }

    /// <summary>Owner or stand-in; changes with the ring.</summary>
    public ReplicaRole Role => Meta.Role;

    /// <summary>What is kept beside the data.</summary>
    public ReplicaMeta Meta { get; private set; }

    /// <summary>The hash tree of what is stored; a stand-in's is never complete and takes part in no exchange.</summary>
    public HashTree Tree => _tree.Current;

    /// <summary>Messages of older epochs are refused.</summary>
    public RingEpoch Fence => _fence.Epoch;

    /// <summary>Up to this epoch the fence is durable and nothing older is under way: exchanges and streams may begin.</summary>
    public RingEpoch ConfirmedFence => _fence.Confirmed;

    /// <summary>The current incarnation; null between two.</summary>
    public Incarnation? Tenure => _tenure.Current;

    /// <summary>How many calls are under way.</summary>
    public int PendingCalls => _calls;

    /// <summary>What this replica has surely seen, for every key.</summary>
    public SeenEvents Seen => new(Meta.Watermarks, _tenure.LastDot);

    /// <summary>Up to which counter everything of an incarnation is stored here: of the own one to its last stored dot, and of earlier
    /// ones. Who finishes an exchange that began after this was read may raise its watermarks to it.</summary>
    public VersionVector Origins => _tenure.Origins(Meta.Origins);

    /// <summary>What the other side of an exchange that begins now is told.</summary>
    public Vouched Vouched => new(Origins, Meta.Watermarks);

    /// <summary>Defects that tests switch on.</summary>
    internal PlantedBugs Bugs { get; init; }

    /// <summary>Begins: asks for an incarnation, or for more counters, where it lacks them.</summary>
    public void Start(List<ReplicaEffect> effects)
    {
        var goesOn = _unbroken || (Bugs & PlantedBugs.LeaseJumpAfterLoss) != 0;
        if (Meta.Tenure is { } tenure && _tenure.Current is null && goesOn)
            _tenure.Begin(tenure, Meta.LeaseEnd + 1, Meta.LeaseEnd);
        if (_tenure.Current is null)
            _tenure.Ask(effects);
        _tenure.Extend(effects);
        _tree.Start(Role, effects);
    }

    /// <summary>Coordinates a client's write. Answered with Minted and then Stored, or with Refused.</summary>
    public void OnCoordinate(
        CallId call, RingEpoch epoch, BucketKey key, WriteRequest write, NodeId? standsFor, ReplicaTime time,
        List<ReplicaEffect> effects)
    {
        if (Admit(call, epoch, effects))
            Enqueue(key, new PendingCall(call, CallKind.Coordinate, epoch) { Write = write, StandsFor = standsFor }, time, effects);
    }

    /// <summary>
    /// Merges a state from another replica, whatever brought it: a write, a repair, a hint, an exchange, a handoff. Answered with
    /// Stored or Refused.
    /// </summary>
    public void OnMerge(
        CallId call, RingEpoch epoch, BucketKey key, SiblingSet set, NodeId? standsFor, ReplicaTime time,
        List<ReplicaEffect> effects)
    {
        if (Admit(call, epoch, effects))
            Enqueue(key, new PendingCall(call, CallKind.Merge, epoch) { Set = set, StandsFor = standsFor }, time, effects);
    }

    /// <summary>Reads a key. Answered with Answered or Refused.</summary>
    public void OnRead(CallId call, RingEpoch epoch, BucketKey key, ReplicaTime time, List<ReplicaEffect> effects)
    {
        if (!Admit(call, epoch, effects))
            return;
        if (_pending.TryGetValue(key, out var pending) && pending.Held is { } held)
            effects.Add(new ReplicaEffect.Answered(call, Meta.AnswerOf(held, Bugs)));
        else
            Enqueue(key, new PendingCall(call, CallKind.Read, epoch), time, effects);
    }

    /// <summary>
    /// A stand-in drops a copy that the owners for whom it keeps it now have, if it is still the state that was delivered. Ends the
    /// incarnation: it does not hold everything any more that its clock entries would claim. Answered with Stored or Refused.
    /// Whoever calls has seen, at this moment, no hint for the key stored for an owner that was not delivered to. With
    /// <paramref name="ifRetired"/> the copy stays if, when its turn comes, not <see cref="IsRetired"/>: something was minted since.
    /// </summary>
    public void OnDrop(
        CallId call, RingEpoch epoch, BucketKey key, ulong deliveredHash, bool ifRetired, ReplicaTime time, List<ReplicaEffect> effects)
    {
        if (Admit(call, epoch, effects))
            Enqueue(key, new PendingCall(call, CallKind.Drop, epoch) { Hash = deliveredHash, IfRetired = ifRetired }, time, effects);
    }

    /// <summary>
    /// Removes a deleted key that every owner has agreed to forget, if it is still in that state. No holding is broken: whatever
    /// its clock knew is below the watermarks. Answered with Stored or Refused.
    /// </summary>
    public void OnReap(
        CallId call, RingEpoch epoch, BucketKey key, ulong agreedHash, ReplicaTime time, List<ReplicaEffect> effects)
    {
        if (Admit(call, epoch, effects))
            Enqueue(key, new PendingCall(call, CallKind.Reap, epoch) { Hash = agreedHash }, time, effects);
    }

    /// <summary>
    /// Removes a key, if it is still in that state, because another owner has shown that it was reaped: that owner has seen every
    /// event of the state and holds nothing. Answered with Stored or Refused.
    /// </summary>
    public void OnForget(
        CallId call, RingEpoch epoch, BucketKey key, ulong shownHash, ReplicaTime time, List<ReplicaEffect> effects)
    {
        if (Admit(call, epoch, effects))
            Enqueue(key, new PendingCall(call, CallKind.Forget, epoch) { Hash = shownHash }, time, effects);
    }

    /// <summary>A new incarnation and its first lease, counters 1 to <paramref name="leaseEnd"/>, are durable.</summary>
    public void OnTenureBegun(Incarnation incarnation, ulong leaseEnd, ReplicaTime time, List<ReplicaEffect> effects)
    {
        _tenure.Begin(incarnation, 1, leaseEnd);
        Meta = Meta with { Tenure = incarnation, LeaseEnd = leaseEnd };
        foreach (var pending in _pending.Values.ToArray())
        {
            if (pending.Held is not null && pending.Storing is null)
                Apply(pending, time, effects);
        }
    }

    /// <summary>A lease's new end is durable.</summary>
    public void OnLeaseExtended(Incarnation incarnation, ulong end)
    {
        if (_tenure.OnExtended(incarnation, end))
            Meta = Meta with { LeaseEnd = end };
    }

    /// <summary>
    /// After an unclean stop, storage was read from front to end: <paramref name="counter"/> is the highest of an earlier own
    /// incarnation found in it. As storage comes back as a prefix of its log, everything up to there is here, unless something was let go of since.
    /// </summary>
    public void OnRecovered(Incarnation earlier, ulong counter, List<ReplicaEffect> effects)
    {
        if ((Bugs & PlantedBugs.DotReused) != 0)
            _tenure.Begin(earlier, counter + 1, Meta.LeaseEnd);
        else if (!_hasLet)
            AdoptOrigins(VersionVector.Of(new Dot(earlier, counter)), effects);
    }

    /// <summary>
    /// This replica now stores everything that other incarnations ever minted up to these counters: a stand-in's, all of whose
    /// copies were delivered here.
    /// </summary>
    public void AdoptOrigins(VersionVector origins, List<ReplicaEffect> effects)
    {
        Meta = Meta with { Origins = Meta.Origins.Join(origins), Watermarks = Meta.Watermarks.Join(origins) };
        effects.Add(new ReplicaEffect.SaveMeta(Meta));
    }

    /// <summary>
    /// An exchange with a peer is complete and everything it brought is stored: the peer's origins, as they were before it began,
    /// are all here. Nothing else ever raises a watermark, save <see cref="OnFilled"/>. A replica that is not whole becomes so
    /// when it has done this with every other owner.
    /// </summary>
    public void OnExchangeCompleted(NodeId peer, Vouched byPeer, IEnumerable<NodeId> otherOwners, List<ReplicaEffect> effects)
    {
        if (Role != ReplicaRole.Primary || (Meta.IsWhole && Meta.Watermarks.Covers(byPeer.Origins)))
            return;
        Meta = Meta with { Watermarks = Meta.Watermarks.Join(byPeer.Origins) };
        if (!Meta.IsWhole)
        {
            _exchangedWith.Add(peer);
            var whole = otherOwners.All(_exchangedWith.Contains);
            Meta = Meta with { IsWhole = whole, MustCompare = Meta.MustCompare && !whole, Watermarks = Meta.Watermarks.Join(byPeer.Watermarks) };
            if (whole)
                RemoveRemains(effects);
        }

        effects.Add(new ReplicaEffect.SaveMeta(Meta));
    }

    /// <summary>Storage said what it holds under a key.</summary>
    public void OnLoaded(BucketKey key, LoadResult result, ReplicaTime time, List<ReplicaEffect> effects)
    {
        if (!_pending.TryGetValue(key, out var pending) || pending.Held is not null)
            return;
        if ((Bugs & PlantedBugs.UnreadableIsNothing) != 0 && result.Set is null)
            result = LoadResult.Absent;
        if (result.Set is { } set)
        {
            pending.Held = set;
            Apply(pending, time, effects);
        }
        else
        {
            OnUnreadable(pending, time, effects);
        }
    }

    /// <summary>
    /// What is kept under a key was found unreadable, by a read, a scan or a scrub. Something held is gone: the incarnation ends, no
    /// watermark can vouch for this partition, the tree is rebuilt without the key, and the replica is whole again only after it has
    /// compared with every other owner. Once for each key until it is written again.
    /// </summary>
    public void OnDamageFound(BucketKey key, List<ReplicaEffect> effects)
    {
        if (!_damaged.Add(key))
            return;
        effects.Add(new ReplicaEffect.Damaged(key));
        EndTenure(effects);
        _exchangedWith.Clear();
        _hasLet = true;
        Meta = Meta with { IsWhole = false, MustCompare = true, Watermarks = VersionVector.Empty, Origins = VersionVector.Empty };
        effects.Add(new ReplicaEffect.SaveMeta(Meta));
        _tree.Rebuild(Role, effects);
    }

    /// <summary>Whether somebody waits for a store to be in the log: a write that is coordinated here, to be sent on.</summary>
    public bool AwaitsLogged(StoreTicket ticket) => _stores.TryGetValue(ticket, out var pending)
        && ((Bugs & PlantedBugs.AckBeforeDurable) != 0 || pending.InFlight.Exists(call => call.Kind == CallKind.Coordinate));

    /// <summary>A store is in the log, and will be as durable as configured unless the node dies first.</summary>
    public void OnLogged(StoreTicket ticket, List<ReplicaEffect> effects)
    {
        if (!_stores.TryGetValue(ticket, out var pending) || pending.Logged)
            return;
        pending.Logged = true;
        foreach (var call in pending.InFlight)
        {
            if (call.Kind == CallKind.Coordinate)
                effects.Add(new ReplicaEffect.Minted(call.Id, call.Result, pending.Storing!));
            if ((Bugs & PlantedBugs.AckBeforeDurable) != 0)
                effects.Add(new ReplicaEffect.Stored(call.Id, null));
        }
    }

    /// <summary>A store is as durable as configured.</summary>
    public void OnStored(StoreTicket ticket, ReplicaTime time, List<ReplicaEffect> effects)
    {
        if (!_stores.ContainsKey(ticket))
            return;
        OnLogged(ticket, effects);
        _stores.Remove(ticket, out var pending);
        _tenure.OnStored(ticket);
        var stored = pending!.Storing!;
        (pending.Held, pending.Storing, pending.Logged) = (stored, null, false);
        foreach (var call in pending.InFlight)
            Acknowledge(call, stored, effects);
        pending.InFlight.Clear();
        Apply(pending, time, effects);
        _fence.Confirm(Bugs, effects);
    }

    /// <summary>
    /// Storage failed and was opened again: what was being written may be there or not, and what was to be read is forgotten.
    /// Everything under way ends; meta is that read from storage since.
    /// </summary>
    public void OnStorageLost(ReplicaMeta meta, List<ReplicaEffect> effects)
    {
        foreach (var pending in _pending.Values)
        {
            foreach (var call in pending.InFlight)
                Refuse(call, Refusal.StorageLost, effects);
            foreach (var call in pending.Waiting)
                Refuse(call, Refusal.Busy, effects);
        }

        _pending.Clear();
        _stores.Clear();
        _writes.Forget();
        Meta = meta;
        _tree.Rebuild(Role, effects);
        EndTenure(effects);
        _fence.Confirm(Bugs, effects);
    }

    private bool Admit(CallId call, RingEpoch epoch, List<ReplicaEffect> effects)
    {
        var refusal = epoch < _fence.Epoch && (Bugs & PlantedBugs.StaleEpochAccepted) == 0 ? Refusal.StaleEpoch
            : epoch > _fence.Epoch ? Refusal.NotReady
            : _calls >= _options.MaxPending ? Refusal.Busy
            : Refusal.None;
        if (refusal != Refusal.None)
            effects.Add(new ReplicaEffect.Refused(call, refusal, _fence.Epoch));
        return refusal == Refusal.None;
    }

    private void Enqueue(BucketKey key, PendingCall call, ReplicaTime time, List<ReplicaEffect> effects)
    {
        _calls++;
        _fence.Enter(call.Epoch);
        if (!_pending.TryGetValue(key, out var pending))
        {
            _pending.Add(key, pending = new PendingKey(key));
            effects.Add(new ReplicaEffect.Load(key));
        }

        pending.Waiting.Add(call);
        if (pending.Held is not null && pending.Storing is null)
            Apply(pending, time, effects);
    }

    /// <summary>Applies everything that waits for a key, and issues one store for all of it.</summary>
    private void Apply(PendingKey pending, ReplicaTime time, List<ReplicaEffect> effects)
    {
        var held = pending.Held!;
        var next = held;
        var lastMinted = _tenure.LastMinted;
        var parked = 0;
        for (var i = 0; i < pending.Waiting.Count; i++)
        {
            var call = pending.Waiting[i];
            if (call.Kind == CallKind.Coordinate && _tenure.Current is null)
                pending.Waiting[parked++] = call;
            else if (ApplyOne(pending, call, ref next, time, effects))
                pending.InFlight.Add(call);
        }

        pending.Waiting.RemoveRange(parked, pending.Waiting.Count - parked);
        if (parked > 0)
            _tenure.Ask(effects);
        if (!ReferenceEquals(next, held) || pending.InFlight.Exists(static call => call.StandsFor is not null))
            Store(pending, next.DropExpiredBytes(time.WallMilliseconds), lastMinted, effects);
        else
            AcknowledgeUnchanged(pending, effects);
        _tenure.Extend(effects);
    }

    /// <summary>Applies one call; false when it was answered at once.</summary>
    private bool ApplyOne(
        PendingKey pending, PendingCall call, ref SiblingSet next, ReplicaTime time, List<ReplicaEffect> effects)
    {
        switch (call.Kind)
        {
            case CallKind.Read:
                return Answer(call, Meta.AnswerOf(pending.Held!, Bugs), effects);
            case CallKind.Merge:
                _writes.Observe(next, call.Set!, time);
                next = Merge(next, call.Set!, call.SeenBySender);
                return true;
            case CallKind.Coordinate:
                return Coordinate(call, ref next, time, effects);
            case CallKind.Drop:
                if (Role == ReplicaRole.Primary || !pending.MayDrop(next, call) || (call.IfRetired && !IsRetired))
                    return true;
                next = SiblingSet.Empty;
                (_hasLet, Meta) = (true, Meta with { Origins = VersionVector.Empty });
                if ((Bugs & PlantedBugs.TenureSurvivesDrop) == 0)
                    EndTenure(effects);
                return true;
            case CallKind.Reap or CallKind.Forget:
                if (next.Hash == call.Hash && (call.Kind == CallKind.Forget || CanReap(next, time)))
                    next = SiblingSet.Empty;
                return true;
            default:
                throw new InvariantViolationException($"No such call: {call.Kind}.");
        }
    }

    private SiblingSet Merge(SiblingSet held, SiblingSet arriving, SeenEvents seenBySender)
    {
        if ((Bugs & PlantedBugs.MergeKeepsArriving) != 0)
            return arriving;
        var vouches = Role == ReplicaRole.Primary && (Bugs & PlantedBugs.LateArrivalsAccepted) == 0;
        return SiblingSet.Sync(held, arriving, vouches ? Seen : SeenEvents.None, seenBySender);
    }

    private bool Coordinate(PendingCall call, ref SiblingSet next, ReplicaTime time, List<ReplicaEffect> effects)
    {
        var seen = Role == ReplicaRole.Primary ? Seen : SeenEvents.None;
        var refusal = _writes.Apply(call.Write!, next, _tenure, seen, time, Bugs, out var dot, out var after);
        if (refusal != Refusal.None)
            return Refuse(call, refusal, effects);
        (next, call.Result) = (after, dot);
        return true;
    }

    /// <summary>Whether a state may be forgotten, for all this replica knows: deleted, and below the watermarks.</summary>
    public bool CanReap(SiblingSet set, ReplicaTime time) =>
        Role == ReplicaRole.Primary && Meta.IsWhole && set.IsDeadAt(time.WallMilliseconds)
        && (Seen.Covers(set.Context) || (Bugs & PlantedBugs.TombstoneReapedEarly) != 0);

    private void Store(PendingKey pending, SiblingSet next, ulong lastMintedBefore, List<ReplicaEffect> effects)
    {
        var ticket = new StoreTicket(++_lastTicket);
        (pending.Storing, pending.Ticket) = (next, ticket);
        _stores.Add(ticket, pending);
        _damaged.Remove(pending.Key);
        _tree.Update(pending.Key, pending.Held!.Hash, next.Hash, Role, effects);
        _tenure.OnIssued(ticket, lastMintedBefore);
        effects.Add(new ReplicaEffect.Store(ticket, pending.Key, next, pending.StandsFor));
    }

    private void AcknowledgeUnchanged(PendingKey pending, List<ReplicaEffect> effects)
    {
        foreach (var call in pending.InFlight)
        {
            if (call.Kind == CallKind.Coordinate)
                effects.Add(new ReplicaEffect.Minted(call.Id, call.Result, pending.Held!));
            Acknowledge(call, pending.Held!, effects);
        }

        pending.InFlight.Clear();
        if (pending.Waiting.Count == 0)
            _pending.Remove(pending.Key);
        _fence.Confirm(Bugs, effects);
    }

    private void Acknowledge(PendingCall call, SiblingSet stored, List<ReplicaEffect> effects)
    {
        Leave(call);
        var differs = call.Kind == CallKind.Merge && !stored.StateEquals(call.Set!);
        effects.Add(new ReplicaEffect.Stored(call.Id, differs ? stored : null));
    }

    /// <summary>What was held under a key is lost. Reads and writes are told so; merges bring it back.</summary>
    private void OnUnreadable(PendingKey pending, ReplicaTime time, List<ReplicaEffect> effects)
    {
        OnDamageFound(pending.Key, effects);
        foreach (var call in pending.TakeAllButMerges())
        {
            if (call.Kind != CallKind.Read)
                Refuse(call, Refusal.Unreadable, effects);
            else
                Answer(call, ReadAnswer.Unreadable, effects);
        }

        if (pending.Waiting.Count == 0)
        {
            _pending.Remove(pending.Key);
            return;
        }

        pending.Held = SiblingSet.Empty;
        Apply(pending, time, effects);
    }

    /// <summary>
    /// The replica has compared with every other owner since the damage: what is still unreadable is nowhere else either, and was
    /// reaped. Its remains are removed, unless a write to the key is under way.
    /// </summary>
    private void RemoveRemains(List<ReplicaEffect> effects)
    {
        foreach (var key in _damaged.Where(key => !_pending.ContainsKey(key)).Order())
            effects.Add(new ReplicaEffect.Store(new StoreTicket(++_lastTicket), key, SiblingSet.Empty, []));
        _damaged.Clear();
    }

    /// <summary>Ends the incarnation. The next one is asked for when a write needs it.</summary>
    private void EndTenure(List<ReplicaEffect> effects)
    {
        if (_tenure.Current is null)
            return;
        _tenure.End();
        Meta = Meta with { Tenure = null, LeaseEnd = 0 };
        effects.Add(new ReplicaEffect.SaveMeta(Meta));
    }

    private bool Refuse(PendingCall call, Refusal refusal, List<ReplicaEffect> effects) =>
        End(call, new ReplicaEffect.Refused(call.Id, refusal, _fence.Epoch), effects);

    private bool Answer(PendingCall call, ReadAnswer answer, List<ReplicaEffect> effects) =>
        End(call, new ReplicaEffect.Answered(call.Id, answer), effects);

    private bool End(PendingCall call, ReplicaEffect answer, List<ReplicaEffect> effects)
    {
        Leave(call);
        effects.Add(answer);
        return false;
    }

    private void Leave(PendingCall call)
    {
        _calls--;
        _fence.Leave(call.Epoch);
    }
}
