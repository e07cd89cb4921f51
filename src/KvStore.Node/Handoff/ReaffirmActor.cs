using Akka.Actor;
using Akka.Event;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Data;
using KvStore.Node.Coordination;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Storage.Iterators;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>
/// Writes every strong key that this node, an old owner, holds of a moving partition back as it is, so that a majority of the new
/// owners holds it before they are asked alone. One operation a key, a few at a time; a key that finds no majority is tried again. Then
/// everybody is told so, and again when asked again, until the partition's next phase. Parent: the handoff actor; begun again it does
/// all of it again, which harms nothing.
/// <para>Invariants: (1) the keys are listed after this node's acceptors have fenced the epoch and drained what was older: what is
/// written later goes to old and new owners by itself; (2) each operation is by a ring of that epoch or later; (3) a key that cannot be
/// read is vouched for by nobody: the move then needs the other owners.</para>
/// </summary>
internal sealed class ReaffirmActor : ReceiveActor, IWithTimers
{
    private const int MaxAtOnce = 16;
    private const int MaxListed = 512;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandoffContext _context;
    private readonly PartitionId _partition;
    private readonly RingEpoch _epoch;
    private readonly Queue<BucketKey> _waiting = new();
    private readonly Dictionary<RequestId, BucketKey> _underWay = [];
    private BucketKey? _after;
    private bool _isFenced;
    private bool _isListed;
    private ulong _requests;

    public ReaffirmActor(HandoffContext context, ReplicaProtocol.ReaffirmKeys ask)
    {
        (_context, _partition, _epoch) = (context, ask.Partition, ask.Epoch);
        Receive<ReplicaProtocol.ReaffirmKeys>(_ => OnAsked());
        Receive<ReplicaProtocol.ReplicaFenced>(_ => OnFenced());
        Receive<ReplicaProtocol.ReplicaRefused>(_ => { }); // asked again, with the director's next question
        Receive<ClientProtocol.RegisterDone>(OnDone);
        Receive<Again>(again => OnAgain(again.Request));
        Receive<CoordinatorActor.RequestEnded>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsDone => _isListed && _waiting.Count == 0 && _underWay.Count == 0;

    public static Props Props(HandoffContext context, ReplicaProtocol.ReaffirmKeys ask) =>
        Akka.Actor.Props.Create(() => new ReaffirmActor(context, ask)).WithDispatcher(StorageSettings.ReaderDispatcher);

    protected override SupervisorStrategy SupervisorStrategy() => KvSupervision.OfParts;

    private void OnAsked()
    {
        if (!_isFenced) _context.Replicas.Tell(new ReplicaProtocol.FenceReplica(_epoch, _partition));
        else if (IsDone) Announce();
    }

    private void OnFenced()
    {
        if (_isFenced) return;
        _isFenced = true;
        GoOn();
    }

    private void GoOn()
    {
        while (_underWay.Count < MaxAtOnce && (_waiting.Count > 0 || !_isListed))
        {
            if (_waiting.Count == 0 && !TryList()) return;
            if (_waiting.TryDequeue(out var key)) Begin(key);
        }
        if (IsDone) Announce();
    }

    private void Begin(BucketKey key)
    {
        var ring = _context.Ring.Value!;
        // What is left of a bucket that was dropped moves nowhere.
        if (ring.Buckets.Find(key.Bucket) is not { IsStrong: true } bucket) return;
        var request = new RequestId(0, ++_requests);
        _underWay.Add(request, key);
        var operation = new ClientProtocol.DoRegister(request, key, new RegisterCommand.Reaffirm(), Budget);
        Context.ActorOf(_context.OperationOn(ring.PreferenceList(_partition, bucket.Quorum.N), operation, Self));
    }

    private void OnDone(ClientProtocol.RegisterDone done)
    {
        if (done.Outcome is not RegisterOutcome.Done)
        {
            // It keeps its place while it waits.
            Timers.StartSingleTimer(done.Request, new Again(done.Request), Pause);
            return;
        }
        _underWay.Remove(done.Request);
        GoOn();
    }

    private void OnAgain(RequestId request)
    {
        if (_underWay.Remove(request, out var key)) _waiting.Enqueue(key);
        GoOn();
    }

    /// <summary>The next keys, in their order; false when the disk does not give them.</summary>
    private bool TryList()
    {
        try
        {
            using var registers = _context.Disk.Store.NewIterator(
                new IterateOptions { Prefix = DataKeys.Registers(_partition), FillCache = false });
            if (_after is { } after) registers.Seek([.. DataKeys.Register(_partition, after), 0]);
            else registers.SeekToFirst();
            for (; registers.Valid && _waiting.Count < MaxListed; registers.Next())
            {
                if (!DataKeys.TryReadRegister(registers.Key, out var name))
                    throw new StorageException($"what {_partition} holds among its strong keys is none");
                _waiting.Enqueue(name);
                _after = name;
            }
            _isListed = !registers.Valid;
            return true;
        }
        catch (StorageException e)
        {
            _log.Error(e, "The strong keys of partition {Partition} cannot be read to move them; the move needs the other owners'", _partition);
            Context.Stop(Self);
            return false;
        }
    }

    private void Announce() => _context.Announce(new ReplicaProtocol.KeysReaffirmed(_context.Self, _partition, _epoch));

    private sealed record Again(RequestId Request);
}
