using Akka.Actor;
using KvStore.Core.Handoff;
using KvStore.Core.Placement;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>
/// Stores one batch of a stream: gives every item to the replica, all of them again when some were refused (merging twice is merging once),
/// and tells its parent when all are stored. Parent: a fill; ends with the batch.
/// <para>Invariants: (1) an offer carries the epoch of the ring in force: the replica's fence follows that, and leaves the stream's own
/// epoch behind whenever another partition's move makes the next one; (2) nothing is offered once the partition is not being filled any more.
/// </para>
/// </summary>
internal sealed class BatchActor : ReceiveActor, IWithTimers
{
    private readonly HandoffContext _context;
    private readonly ulong _session;
    private readonly HandoffEffect.Store _store;
    private int _unanswered;
    private bool _isRefused;

    public BatchActor(HandoffContext context, ulong session, HandoffEffect.Store store)
    {
        (_context, _session, _store) = (context, session, store);
        Receive<ReplicaProtocol.ReplicaStored>(_ => OnAnswer());
        Receive<ReplicaProtocol.ReplicaRefused>(_ =>
        {
            _isRefused = true;
            OnAnswer();
        });
        Receive<Retry>(_ => Offer());
        Receive<ReceiveTimeout>(_ => Context.Parent.Tell(BatchLost.Instance));
        SetReceiveTimeout(context.StorePatience);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(HandoffContext context, ulong session, HandoffEffect.Store store) =>
        Akka.Actor.Props.Create(() => new BatchActor(context, session, store));

    protected override void PreStart() => Offer();

    private void Offer()
    {
        var (ring, partition) = (_context.Ring.Value!, _store.Handoff.Partition);
        if (ring.PhaseOf(partition) != MovePhase.WriteBothReadOld) return; // the stream is being stopped, and this with it
        _isRefused = false;
        foreach (var item in _store.Items)
        {
            if (item.Siblings is not { } set) continue;
            _unanswered++;
            _context.Replicas.Tell(
                new ReplicaProtocol.StoreReplica(ring.Epoch, partition, item.Key, set, StandsFor: null, WireLimits.MaxBudget));
        }
        if (_unanswered == 0) End();
    }

    private void OnAnswer()
    {
        if (--_unanswered > 0) return;
        if (_isRefused) Timers.StartSingleTimer(Retry.Instance, Retry.Instance, _context.RetryPause);
        else End();
    }

    private void End()
    {
        Context.Parent.Tell(new BatchStored(_session, _store));
        Context.Stop(Self);
    }

    /// <summary>To the parent: the replica has stored the whole batch.</summary>
    public sealed record BatchStored(ulong Session, HandoffEffect.Store Store);

    /// <summary>To the parent: the replica has not answered, and will not: it has started anew meanwhile.</summary>
    public sealed class BatchLost
    {
        public static readonly BatchLost Instance = new();
    }

    private sealed class Retry
    {
        public static readonly Retry Instance = new();
    }
}
