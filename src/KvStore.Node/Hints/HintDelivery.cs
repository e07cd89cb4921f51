using Akka.Actor;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Wire;

namespace KvStore.Node.Hints;

/// <summary>
/// /user/kv/hints/to-NODE: takes hints to one node: reads what the replica holds under the key now, sends it as a merge, and says what came
/// of it. What was kept for another owner is delivered when the node has also answered that it will compare with that one. Parent: the hint
/// actor, which decides what goes and how much at a time. What is under way when it fails is told as undelivered.
/// </summary>
public sealed class HintDelivery : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HintContext _context;
    private readonly NodeId _target;
    private readonly Dictionary<long, UnderWay> _underWay = [];
    private long _lastTag;

    public HintDelivery(HintContext context, NodeId target)
    {
        (_context, _target) = (context, target);
        Receive<Deliver>(OnDeliver);
        Receive<Tagged>(OnAnswer);
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(HintContext context, NodeId target) => Akka.Actor.Props.Create(() => new HintDelivery(context, target));

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.FromSeconds(1));

    protected override void PostStop()
    {
        foreach (var delivery in _underWay.Values) Context.Parent.Tell(new Undelivered(delivery.What.Hint));
    }

    private void OnDeliver(Deliver deliver)
    {
        var tag = ++_lastTag;
        var hint = deliver.Hint;
        // Delivered under the epoch that it was read in: a bucket that goes in between takes it along.
        var epoch = _context.Ring.Epoch;
        _underWay.Add(tag, new UnderWay(deliver, Now + Patience, epoch));
        _context.Replicas.Tell(
            new ReplicaProtocol.ReadReplica(epoch, hint.Partition, hint.Key, Patience), new TaggedRef(Self, tag));
    }

    private void OnAnswer(Tagged tagged)
    {
        if (!_underWay.TryGetValue(tagged.Tag, out var delivery)) return;
        switch (tagged.Answer)
        {
            case ReplicaProtocol.ReplicaRead { Answer.Kind: AnswerKind.Found } read:
                Send(tagged.Tag, delivery, read.Answer.Set);
                break;
            case ReplicaProtocol.ReplicaStored when delivery.What.IsOnBehalf:
                _context.Peers.Link(_target).Tell(
                    new NodeProtocol.RangeDirty(_context.Self, delivery.What.Hint.Owner, delivery.What.Hint.Partition), new TaggedRef(Self, tagged.Tag));
                break;
            case ReplicaProtocol.ReplicaStored or NodeProtocol.RangeMarked:
            case ReplicaProtocol.ReplicaRead { Answer.Kind: AnswerKind.NotFound or AnswerKind.NoInformation }:
                _underWay.Remove(tagged.Tag);
                Context.Parent.Tell(new Delivered(delivery.What.Hint, delivery.What.Generation, delivery.Hash, _underWay.Count == 0));
                break;
            default:
                _underWay.Remove(tagged.Tag);
                Context.Parent.Tell(new Undelivered(delivery.What.Hint));
                break;
        }
    }

    private void Send(long tag, UnderWay delivery, SiblingSet set)
    {
        _underWay[tag] = delivery with { Hash = set.Hash };
        var hint = delivery.What.Hint;
        _context.Peers.Link(_target).Tell(
            new ReplicaProtocol.StoreReplica(delivery.Epoch, hint.Partition, hint.Key, set, StandsFor: null, Patience), new TaggedRef(Self, tag));
    }

    private void OnTick()
    {
        foreach (var (tag, delivery) in _underWay.Where(entry => entry.Value.Until <= Now).ToList())
        {
            _underWay.Remove(tag);
            Context.Parent.Tell(new Undelivered(delivery.What.Hint));
        }
    }

    /// <summary>Take what is held under the hint's key to the node. Answered with <see cref="Delivered"/> or <see cref="Undelivered"/>.</summary>
    /// <param name="IsOnBehalf">The node is another owner than the one it was kept for, and must know it.</param>
    public sealed record Deliver(HintId Hint, ulong Generation, bool IsOnBehalf);

    /// <param name="Hash">Of the state that was delivered; 0 when there was nothing to deliver.</param>
    /// <param name="IsLast">Whether nothing else is on its way to that node.</param>
    public sealed record Delivered(HintId Hint, ulong Generation, ulong Hash, bool IsLast);

    /// <summary>The node did not take it, or did not say so in time; or there is something here that cannot be read.</summary>
    public sealed record Undelivered(HintId Hint);

    private sealed record UnderWay(Deliver What, TimeSpan Until, RingEpoch Epoch, ulong Hash = 0);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
