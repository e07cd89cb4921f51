using System.Buffers.Binary;
using Akka.Actor;
using Akka.Event;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Deletes;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node.AntiEntropy;

/// <summary>
/// /user/kv/anti-entropy: when this node compares which partition with whom, and when it forgets deleted keys. The exchanges themselves
/// run in the replicas, beside the trees that they compare. Parent: the node supervisor; restarted with nothing remembered, which costs
/// comparisons that find nothing.
/// </summary>
public sealed class AntiEntropyActor : ReceiveActor, IWithTimers
{
    /// <summary>What has not ended by then never will: of its many steps each ends, or fails, within one.</summary>
    private const int PatienceInTimeouts = 20;

    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeId _self;
    private readonly AntiEntropySettings _settings;
    private readonly CurrentReachability _reachability;
    private readonly IActorRef _replicas;
    private readonly ExchangeSchedule _schedule;
    private readonly ExchangeJournal _journal = new();
    private readonly ReapSchedule _reaps;
    private readonly Dictionary<PartitionId, int> _tombstones = [];
    private readonly ulong _firstSession;
    private readonly HealingCounters _counters;
    private ulong _sessions;
    private ulong _draws;
    private long _reaped;

    public AntiEntropyActor(
        NodeSettings settings, NodeStart start, CurrentRing ring, CurrentReachability reachability, HealingCounters counters, IActorRef replicas)
    {
        (_self, _settings, _reachability, _replicas) = (settings.Id, settings.AntiEntropy, reachability, replicas);
        (_firstSession, _counters) = ((ulong)start.Number << 32, counters);
        var patience = _settings.Timeout * PatienceInTimeouts;
        _schedule = new ExchangeSchedule(_settings.Interval, _settings.RetryAfter, patience, _settings.Limit);
        _reaps = new ReapSchedule(_settings.ReapInterval, patience, _settings.Limit);
        OnRing(ring.Value!);
        Receive<CurrentRing.RingChanged>(changed => OnRing(changed.Ring));
        Receive<Tick>(_ => OnTick());
        Receive<MarkDirty>(m => _schedule.MarkDirty(new ExchangePair(m.Partition, m.Owner), Now));
        Receive<ReplicaExchanges.Ended>(OnEnded);
        Receive<ReplicaExchanges.NotWhole>(m => MarkAll(pair => pair.Partition == m.Partition));
        Receive<ReplicaReaping.Ended>(OnReaped);
        Receive<CompareNow>(m => MarkAll(pair => pair.Partition == m.Partition));
        Receive<ReapNow>(m => _reaps.Hasten(m.Partition, Now));
        Receive<Repair>(_ =>
        {
            _journal.Forget();
            Sender.Tell(new RepairBegun(MarkAll(_ => true)));
        });
        Receive<GetStatus>(_ => Sender.Tell(_journal.Status(_tombstones.Values.Sum(), _reaped)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(
        NodeSettings settings, NodeStart start, CurrentRing ring, CurrentReachability reachability, HealingCounters counters, IActorRef replicas) =>
        Akka.Actor.Props.Create(() => new AntiEntropyActor(settings, start, ring, reachability, counters, replicas));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ReplicaExchanges.NotWhole));
        Context.System.EventStream.Subscribe(Self, typeof(ReplicaExchanges.Ended));
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        _replicas.Tell(SayIfNotWhole.Instance);
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TickEvery);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>Who is compared with whom follows the ring.</summary>
    private void OnRing(Ring ring)
    {
        var pairs = PairsOf(ring, _self).ToList();
        _schedule.OnPairs(pairs, Now, Draw);
        _journal.OnPairs(pairs);
        // Where there is no other owner there is nobody to compare with, and what was deleted is forgotten all the same.
        _reaps.OnPartitions(ring.PartitionsOf(_self, ring.Replicas), Now, Draw);
    }

    private void OnTick()
    {
        Begin();
        while (_reaps.TakeDue(Now) is { } partition) _replicas.Tell(new ReplicaReaping.Start(partition, Self));
    }

    private void Begin()
    {
        while (_schedule.TakeDue(Now, _reachability.IsReachable) is { } pair)
            _replicas.Tell(new ReplicaExchanges.Start(pair.Partition, pair.Peer, _firstSession + ++_sessions));
    }

    private void OnEnded(ReplicaExchanges.Ended ended)
    {
        _journal.OnEnded(ended);
        HealingCounters.OnExchange(ended.Outcome, ended.Sent, ended.Received);
        if (!ended.WasOurs) return;
        _schedule.OnEnded(ended.Pair, ended.Outcome == ExchangeEnd.Complete, Now, Draw());
        if (ended.Sent + ended.Received > 0)
            _log.Info("Exchange of {Pair}: {Outcome}, {Sent} keys sent, {Received} received", ended.Pair, ended.Outcome, ended.Sent, ended.Received);
        Begin();
    }

    private void OnReaped(ReplicaReaping.Ended ended)
    {
        _reaps.OnEnded(ended.Partition, Now, Draw());
        _tombstones[ended.Partition] = ended.Waiting;
        _reaped += ended.Reaped;
        HealingCounters.OnReaped(ended.Reaped);
        _counters.SetTombstones(_tombstones.Values.Sum());
    }

    private int MarkAll(Func<ExchangePair, bool> which)
    {
        var marked = _journal.Pairs.Where(which).ToList();
        foreach (var pair in marked) _schedule.MarkDirty(pair, Now);
        return marked.Count;
    }

    private static IEnumerable<ExchangePair> PairsOf(Ring ring, NodeId self) =>
        from partition in ring.PartitionsOf(self, ring.Replicas)
        from owner in ring.PreferenceList(partition, ring.Replicas).WriteTargets
        where owner != self
        select new ExchangePair(partition, owner);

    /// <summary>From 0 to 1: spreads what would else come at the same moment; different on each node, and the same in every repetition of a run.</summary>
    private double Draw()
    {
        Span<byte> bytes = stackalloc byte[NodeId.Size + sizeof(ulong)];
        _self.Write(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[NodeId.Size..], ++_draws);
        return (StableHash.Of(bytes) >> 11) / (double)(1L << 53);
    }

    /// <summary>An owner may lack writes in this partition: compare it with that owner first of all.</summary>
    public sealed record MarkDirty(PartitionId Partition, NodeId Owner);

    /// <summary>Compare a partition with each of its other owners soon, if it is held here.</summary>
    public sealed record CompareNow(PartitionId Partition);

    /// <summary>Begin to forget a partition's deleted keys soon, if it is held here.</summary>
    public sealed record ReapNow(PartitionId Partition);

    /// <summary>Compare every partition with every owner now. Answered with <see cref="RepairBegun"/>.</summary>
    public sealed class Repair
    {
        public static readonly Repair Instance = new();
    }

    /// <summary>So many comparisons will be made; <see cref="GetStatus"/> tells how far they are.</summary>
    public sealed record RepairBegun(int Pairs);

    /// <summary>Answered with <see cref="AntiEntropyStatus"/>.</summary>
    public sealed class GetStatus
    {
        public static readonly GetStatus Instance = new();
    }

    /// <summary>To every replica: publish <see cref="ReplicaExchanges.NotWhole"/> if so.</summary>
    public sealed class SayIfNotWhole
    {
        public static readonly SayIfNotWhole Instance = new();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
