using Akka.Actor;
using Akka.Event;
using KvStore.Core.Causality;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Node.Hints;
using KvStore.Node.Membership;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Storage.Iterators;

namespace KvStore.Node.Handoff;

/// <summary>
/// /user/kv/leftovers: lets go of what this node holds in partitions that it does not own any more, or never did, and that no hint speaks of. Such
/// a copy would come back as a stale one if the node owned the partition again: what was deleted meanwhile is forgotten by then. Looks through
/// them some time after the ring has come to rest, and now and then. Parent: the node supervisor; restarted with nothing remembered.
/// <para>Invariants: (1) what is let go of is still in the state that was seen, the replica is none of an owner, and the hints keep it for
/// nobody, at the moment when it goes; (2) no faster than <see cref="MaxAtOnce"/> keys a <see cref="Pace"/>, and not while the disk is
/// behind.</para>
/// </summary>
internal sealed class LeftoversActor : ReceiveActor, IWithTimers
{
    private const int MaxAtOnce = 250;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterChange = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandoffContext _context;
    private readonly IActorRef _hints;
    private int _partition;
    private BucketKey? _after;

    /// <param name="context">This node's part in moves.</param>
    /// <param name="hints">The hint actor, through which every copy goes that may be somebody's.</param>
    public LeftoversActor(HandoffContext context, IActorRef hints)
    {
        (_context, _hints) = (context, hints);
        Receive<CurrentRing.RingChanged>(_ => LookIn(AfterChange));
        Receive<Look>(_ =>
        {
            (_partition, _after) = (0, null);
            GoOn();
        });
        Receive<Step>(_ => GoOn());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(HandoffContext context, IActorRef hints) =>
        Akka.Actor.Props.Create(() => new LeftoversActor(context, hints)).WithDispatcher(StorageSettings.ReaderDispatcher);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(CurrentRing.RingChanged));
        LookIn(AfterChange);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void LookIn(TimeSpan time)
    {
        Timers.Cancel(Step.Instance);
        Timers.StartSingleTimer(Look.Instance, Look.Instance, time);
    }

    private void GoOn()
    {
        var ring = _context.Ring.Value!;
        var room = _context.Disk.IsBehind ? 0 : MaxAtOnce;
        while (room > 0 && _partition < ring.PartitionCount)
        {
            var partition = new PartitionId(_partition);
            if (IsLeft(ring, partition)) room -= Offer(partition, room);
            if (room > 0) (_partition, _after) = (_partition + 1, null);
        }
        if (_partition < ring.PartitionCount) Timers.StartSingleTimer(Step.Instance, Step.Instance, Pace);
        else LookIn(LookEvery);
    }

    private bool IsLeft(Ring ring, PartitionId partition) =>
        (ring.PhaseOf(partition) is MovePhase.None or MovePhase.Done) && !ring.PreferenceList(partition, ring.Replicas).IsPrimary(_context.Self);

    /// <summary>Offers the next keys of a partition; returns how many.</summary>
    private int Offer(PartitionId partition, int room)
    {
        var offered = 0;
        try
        {
            using var states = _context.Disk.Store.NewIterator(
                new IterateOptions { Prefix = DataKeys.States(partition), FillCache = false });
            if (_after is { } after) states.Seek([.. DataKeys.State(partition, after), 0]);
            else states.SeekToFirst();
            for (; states.Valid && offered < room; states.Next())
            {
                if (!DataKeys.TryReadState(states.Key, out _, out var name) || !SiblingSetCodec.TryRead(states.Value.ToArray(), out var set)) continue;
                _hints.Tell(new HintActor.CopyRetired(new ReplicaActor.DropCopy(partition, name, set.Hash)));
                (_after, offered) = (name, offered + 1);
            }
        }
        catch (StorageException e)
        {
            _log.Warning("What is left in partition {0} cannot be read, and stays: {1}", partition, e.Message);
        }
        return offered;
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed class Step
    {
        public static readonly Step Instance = new();
    }
}
