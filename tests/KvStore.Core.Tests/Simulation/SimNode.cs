using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Deletes;
using KvStore.Core.Handoff;
using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Replication;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// One node: a replica on a disk, and the operations it coordinates. Does what actors would: hands events to Core's objects and
/// carries out their effects. All of it is gone when it stops, but for the disk and the ring it had learnt.
/// </summary>
internal sealed class SimNode(SimWorld world, NodeId id)
{
    private readonly Dictionary<CallId, Action<ReplicaEffect>> _calls = [];
    private readonly List<StoreTicket> _unsynced = [];
    private readonly List<ReplicaEffect> _effects = [];
    private SimAntiEntropy _antiEntropy = null!;
    private SimHandoff _handoff = null!;
    private SimHints _hints = null!;
    private readonly long _skew = world.Options.ClockSkew == 0 ? 0 : world.Random.Next(world.Options.ClockSkew);
    private long _lastCall;
    private uint _serial;
    private bool _stoppedClean;
    private bool _syncing;

    public NodeId Id { get; } = id;

    public SimWorld World { get; } = world;

    public SimDisk Disk { get; } = new();

    public Replica? Replica { get; private set; }

    public SimRetirement Retirement { get; private set; } = null!;

    public SimRegisters Registers { get; private set; } = null!;

    public bool IsUp { get; private set; }

    /// <summary>Which process this is, counted over its starts and stops.</summary>
    public int Life { get; private set; }

    /// <summary>The ring as this node knows it.</summary>
    public Ring Ring { get; private set; } = world.Ring.Current;

    public PreferenceList List => Ring.PreferenceList(new PartitionId(0), 3);

    public bool HasHints => Disk.Hints.Count > 0;

    public ReplicaTime Time => new(World.Now, (long)World.Now.TotalMilliseconds + _skew);

    public void Start(bool isNew)
    {
        World.Trace(Id, () => "starts");
        (IsUp, _serial) = (true, 0);
        Life++;
        Disk.CountStart();
        Disk.Sync();
        var role = List.IsPrimary(Id) ? ReplicaRole.Primary : ReplicaRole.Fallback;
        var meta = Disk.Meta ?? (role == ReplicaRole.Primary ? ReplicaMeta.New : ReplicaMeta.StandIn) with { Fence = List.Epoch };
        var options = new ReplicaOptions { LeaseBlock = 8 };
        Replica = new Replica(List.Partition, meta, !isNew && _stoppedClean, new HashTree(1, isComplete: false), options) { Bugs = World.Options.Bugs };
        (_antiEntropy, _handoff, _hints) = (new SimAntiEntropy(this), new SimHandoff(this), new SimHints(this));
        Registers = new SimRegisters(this, meta.Fence);
        Retirement = new SimRetirement(this);
        if (!isNew && !_stoppedClean && meta.Tenure is { } earlier && Disk.HighestOf(earlier) is > 0 and var counter)
            Replica.OnRecovered(earlier, counter, _effects);
        Replica.Start(_effects);
        Perform();
        LearnRing();
    }

    /// <summary>Ends the process: cleanly, or as a power cut does.</summary>
    public void Stop(bool clean)
    {
        World.Trace(Id, () => clean ? "stops" : "crashes");
        (IsUp, _stoppedClean) = (false, clean);
        Life++;
        if (clean)
            Disk.Sync();
        else
            Disk.Crash(World.Random.Next());
        _calls.Clear();
        _unsynced.Clear();
        _effects.Clear();
        _syncing = false;
    }

    public void LearnRing()
    {
        if (!IsUp)
            return;
        if (World.Ring.Current.Epoch > Ring.Epoch)
            Ring = World.Ring.Current;
        Registers.OnFence(List.Epoch);
        var (epoch, role) = (List.Epoch, List.IsPrimary(Id) ? ReplicaRole.Primary : ReplicaRole.Fallback);
        Replica!.OnFence(Call(_ => _handoff.OnFenced(epoch)), epoch, role, _effects);
        Perform();
    }

    public void Exchange() => IfUp(() => _antiEntropy.ExchangeWithSomebody());

    public void Reap() => IfUp(() => _antiEntropy.Reap());

    public void DeliverHints() => IfUp(() => _hints.Tick());

    public (int Hints, long Bytes) GrantHints(NodeId from, HintEffect.Ask ask) => _hints.Grant(from, ask);

    public void ExchangeWith(NodeId peer, Action completed) => _antiEntropy.ExchangeWith(peer, completed);

    /// <summary>A scan or a scrub came across what cannot be read.</summary>
    public void ReportDamage()
    {
        foreach (var key in Disk.Damaged.ToArray())
            Tell((replica, effects) => replica.OnDamageFound(key, effects));
    }

    public void HealingRound() => IfUp(() =>
    {
        LearnRing();
        ReportDamage();
        _handoff.DropWhatIsNotOurs();
        for (var second = 0; second < 12; second += 3)
            Later(TimeSpan.FromSeconds(second), DeliverHints);
        _antiEntropy.ExchangeWithAll();
        World.After(TimeSpan.FromSeconds(10), Reap);
    });

    public void OnExchange(NodeId from, int session, ExchangeMessage message, Action<ExchangeMessage> back) =>
        _antiEntropy.OnMessage(from, session, message, back);

    /// <summary>Fill the partition from another node; the director asks again until it is done.</summary>
    public void FillFrom(NodeId source, RingEpoch epoch) => IfUp(() =>
    {
        CatchUp(epoch);
        _handoff.FillFrom(source, epoch);
    });

    /// <summary>Write the strong key back to the old and the new owners.</summary>
    public void Reaffirm(RingEpoch epoch) => IfUp(() =>
    {
        CatchUp(epoch);
        Registers.Reaffirm(() => World.Ring.OnReaffirmed(Id, epoch));
    });

    public void OnHandoff(HandoffMessage message) => _handoff.OnMessage(message);

    /// <summary>Answers a stand-in that would hand over what it minted, if it can.</summary>
    public void AskSeen(RingEpoch epoch, Action<(Incarnation Under, VersionVector Seen)> answer)
    {
        if (Replica!.OnAskedSeen(epoch, _effects) is { } seen)
            answer(seen);
        Perform();
    }

    /// <summary>Takes over what a stand-in minted; true when that is on the disk.</summary>
    public bool TryAdopt(RetireEffect.Adopt adopt)
    {
        var adopted = Replica!.TryAdopt(adopt.Epoch, adopt.Owners, adopt.Origins, _effects);
        Perform();
        SyncNow();
        return adopted;
    }

    public void MarkDirty(NodeId owner) => _hints.MarkDirty(owner);

    public void LeaveNote(NodeId owner, BucketKey key) => _hints.LeaveNote(owner, key);

    /// <summary>
    /// Everything that the source held is stored here. Only that counts for the ring, and not that the replica calls itself whole: it
    /// may have been an owner before, and have missed what was written while it was none.
    /// </summary>
    public void OnFilled(RingEpoch epoch, VersionVector seen)
    {
        if (List.Epoch != epoch || Replica!.ConfirmedFence != epoch || Replica.Role != ReplicaRole.Primary)
            return;
        if (!Replica.Meta.IsWhole)
            Tell((replica, effects) => replica.OnFilled(seen, effects));
        SyncNow();
        World.Ring.OnFilled(Id, epoch);
    }

    /// <summary>The copy of the partition is lost, and the next start notices.</summary>
    public void Wipe()
    {
        World.Trace(Id, () => "is wiped");
        Stop(clean: false);
        Disk.Wipe(ReplicaMeta.ToBeFilled with { Fence = Replica!.ConfirmedFence });
        Start(isNew: false);
    }

    /// <summary>Runs something later, unless this process has ended by then.</summary>
    public void Later(TimeSpan delay, Action action)
    {
        var life = Life;
        World.After(delay, () =>
        {
            if (life == Life)
                action();
        });
    }

    /// <summary>Sends to a node's present process; the answer comes back to this process only.</summary>
    public void Ask<T>(NodeId to, Action<SimNode, Action<T>> question, Action<T> answer)
    {
        var life = Life;
        World.Send(Id, to, node => question(node, result => World.Send(to, Id, _ =>
        {
            if (life == Life)
                answer(result);
        })));
    }

    /// <summary>Who meets a newer epoch learns that ring first.</summary>
    public void CatchUp(RingEpoch epoch)
    {
        if (epoch > List.Epoch)
            LearnRing();
    }

    /// <summary>Merges a state from another node here; answers with what is held then, or why not.</summary>
    public void Merge(RingEpoch epoch, BucketKey key, SiblingSet set, NodeId? standsFor, Action<ReplicaEffect, SiblingSet?> done)
    {
        CatchUp(epoch);
        World.History.OnReached(Id, key, set);
        if (standsFor is { } owner)
            _hints.OnStandsFor(owner, key);
        var call = Call(effect => done(effect, effect is ReplicaEffect.Stored stored ? stored.Held ?? set : null));
        Replica!.OnMerge(call, epoch, key, set, standsFor, Time, _effects);
        Perform();
    }

    public void Streamed(RingEpoch epoch, BucketKey key, SiblingSet set, VersionVector seen, Action<bool> done)
    {
        CatchUp(epoch);
        World.History.OnReached(Id, key, set);
        Replica!.OnStreamed(Call(effect => done(effect is ReplicaEffect.Stored)), epoch, key, set, seen, Time, _effects);
        Perform();
    }

    public void Read(RingEpoch epoch, BucketKey key, Action<ReplicaEffect> done)
    {
        CatchUp(epoch);
        Replica!.OnRead(Call(done), epoch, key, Time, _effects);
        Perform();
    }

    public void Coordinate(RingEpoch epoch, BucketKey key, WriteRequest write, NodeId? standsFor, Action<ReplicaEffect> done)
    {
        if (standsFor is { } owner)
            _hints.OnStandsFor(owner, key);
        Replica!.OnCoordinate(Call(done), epoch, key, write, standsFor, Time, _effects);
        Perform();
    }

    /// <summary>Hands one event to the replica.</summary>
    public void Tell(Action<Replica, List<ReplicaEffect>> told)
    {
        told(Replica!, _effects);
        Perform();
    }

    /// <summary>Makes everything logged durable now.</summary>
    public void SyncNow()
    {
        Disk.Sync();
        var tickets = _unsynced.ToArray();
        _unsynced.Clear();
        foreach (var ticket in tickets)
            Replica!.OnStored(ticket, Time, _effects);
        Perform();
    }

    public void ClientPut(BucketKey key, WriteRequest write, Quorum quorum, Action<PutOutcome> reply) =>
        new SimPut(this, key, write, quorum, reply).Start();

    public void ClientGet(BucketKey key, Quorum quorum, bool monotonic, Action<GetOutcome> reply) =>
        new SimGet(this, key, quorum, monotonic, reply).Start();

    private void IfUp(Action action)
    {
        if (IsUp)
            action();
    }

    private CallId Call(Action<ReplicaEffect> done)
    {
        var call = new CallId(++_lastCall);
        _calls.Add(call, done);
        return call;
    }

    private void Perform()
    {
        while (_effects.Count > 0)
        {
            var effects = _effects.ToArray();
            _effects.Clear();
            foreach (var effect in effects)
                Perform(effect);
        }
    }

    private void Perform(ReplicaEffect effect)
    {
        if (effect is not ReplicaEffect.Load)
            World.Trace(Id, () => SimText.Of(effect));
        switch (effect)
        {
            case ReplicaEffect.Load load:
                Later(World.Milliseconds(0, World.Options.LoadMilliseconds), () => Tell((replica, effects) =>
                    replica.OnLoaded(load.Key, Disk.Load(load.Key), Time, effects)));
                break;
            case ReplicaEffect.Store store:
                Store(store);
                break;
            case ReplicaEffect.SaveMeta save:
                Disk.SaveMeta(save.Meta);
                break;
            case ReplicaEffect.BeginTenure begin:
                var tenure = Incarnation.Of(Id, Disk.Starts, ++_serial);
                SaveSynced(meta => meta with { Tenure = tenure, LeaseEnd = begin.LeaseBlock }, (replica, effects) =>
                    replica.OnTenureBegun(tenure, begin.LeaseBlock, Time, effects));
                break;
            case ReplicaEffect.ExtendLease extend:
                SaveSynced(meta => meta with { LeaseEnd = extend.End }, (replica, _) =>
                    replica.OnLeaseExtended(extend.Incarnation, extend.End));
                break;
            case ReplicaEffect.SaveFence fence:
                SaveSynced(meta => meta, (replica, effects) => replica.OnFenceSaved(fence.Epoch, effects));
                break;
            case ReplicaEffect.RebuildTree rebuild:
                var keys = Disk.TreeEntries();
                Later(World.Milliseconds(1, 30), () =>
                {
                    foreach (var (token, hash) in keys)
                        rebuild.Tree.AddScanned(token, hash);
                    ReportDamage();
                    rebuild.Tree.CompleteScan();
                });
                break;
            case ReplicaEffect.Minted minted:
                Answer(minted.Call, minted, isLast: false);
                break;
            case ReplicaEffect.Stored stored:
                Answer(stored.Call, stored, isLast: true);
                break;
            case ReplicaEffect.Answered answered:
                Answer(answered.Call, answered, isLast: true);
                break;
            case ReplicaEffect.Refused refused:
                Answer(refused.Call, refused, isLast: true);
                break;
            case ReplicaEffect.Fenced fenced:
                Answer(fenced.Call, fenced, isLast: true);
                break;
        }
    }

    private void Store(ReplicaEffect.Store store)
    {
        World.History.OnStored(store.Key, store.Set);
        Disk.Store(store.Key, store.Set, store.StandsFor, World.Now);
        foreach (var owner in store.StandsFor)
            _hints.OnStored(owner, store.Key);
        _unsynced.Add(store.Ticket);
        Later(World.Milliseconds(0, 2), () => Tell((replica, effects) => replica.OnLogged(store.Ticket, effects)));
        if (_syncing)
            return;
        _syncing = true;
        Later(World.Milliseconds(1, World.Options.SyncMilliseconds), () =>
        {
            _syncing = false;
            SyncNow();
        });
    }

    private void SaveSynced(Func<ReplicaMeta, ReplicaMeta> change, Action<Replica, List<ReplicaEffect>> told) =>
        Later(World.Milliseconds(1, 10), () =>
        {
            Disk.SaveMeta(change(Replica!.Meta));
            SyncNow();
            Tell(told);
        });

    private void Answer(CallId call, ReplicaEffect effect, bool isLast)
    {
        if (_calls.TryGetValue(call, out var done))
        {
            if (isLast)
                _calls.Remove(call);
            done(effect);
        }
    }
}
