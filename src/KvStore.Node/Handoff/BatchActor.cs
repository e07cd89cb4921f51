using Akka.Actor;
using Akka.Event;
using KvStore.Core.Causality;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Storage.Iterators;
using KvStore.Wire;

namespace KvStore.Node.Handoff;

/// <summary>
/// Stores one batch of a stream: gives every item to the replica, then, a page at a time, nothing for every other key that is found here in
/// the batch's part of the partition; a page of which some were refused all over again (merging twice is merging once). Tells its parent
/// when all are stored. Parent: a fill; ends with the batch.
/// <para>Invariants: (1) an offer carries the epoch of the ring in force: the replica's fence follows that, and leaves the stream's own
/// epoch behind whenever another partition's move makes the next one; (2) nothing is offered once the partition is not being filled any more;
/// (3) no key between the first and the last of the batch is left out.</para>
/// </summary>
internal sealed class BatchActor : ReceiveActor, IWithTimers
{
    private const int MaxPage = 256;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HandoffContext _context;
    private readonly ulong _session;
    private readonly HandoffEffect.Store _store;
    private readonly HashSet<BucketKey> _streamed = [];
    private List<(BucketKey Key, SiblingSet Set)> _page = [];
    private BucketKey? _after;
    private int _unanswered;
    private bool _isRefused;

    public BatchActor(HandoffContext context, ulong session, HandoffEffect.Store store)
    {
        (_context, _session, _store, _after) = (context, session, store, store.After);
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
        Akka.Actor.Props.Create(() => new BatchActor(context, session, store)).WithDispatcher(StorageSettings.ReaderDispatcher);

    protected override void PreStart()
    {
        foreach (var item in _store.Items)
        {
            if (item.Siblings is not { } set) continue;
            _streamed.Add(item.Key);
            _page.Add((item.Key, set));
        }
        Offer();
    }

    private void Offer()
    {
        var (ring, partition) = (_context.Ring.Value!, _store.Handoff.Partition);
        if (ring.PhaseOf(partition) != MovePhase.WriteBothReadOld) return; // the stream is being stopped, and this with it
        (_isRefused, _unanswered) = (false, _page.Count);
        foreach (var (key, set) in _page)
            _context.Replicas.Tell(new ReplicaActor.StoreStreamed(ring.Epoch, partition, key, set, _store.Seen));
        if (_unanswered == 0) NextPage();
    }

    private void OnAnswer()
    {
        if (--_unanswered > 0) return;
        if (_isRefused) Timers.StartSingleTimer(Retry.Instance, Retry.Instance, _context.RetryPause);
        else NextPage();
    }

    /// <summary>What is held here and is not in the batch; when there is no more, the batch is stored.</summary>
    private void NextPage()
    {
        try
        {
            _page = [.. HeldKeys().Take(MaxPage).Select(key => (key, SiblingSet.Empty))];
        }
        catch (StorageException e)
        {
            // What cannot be read is damage, which the replica heals by comparing: begun again, this would only store the batch once more.
            _page = [];
            _log.Warning("Of what partition {0} held before it is filled, some cannot be read, and stays until it is compared: {1}",
                _store.Handoff.Partition, e.Message);
        }
        if (_page.Count > 0)
        {
            Offer();
            return;
        }
        Context.Parent.Tell(new BatchStored(_session, _store));
        Context.Stop(Self);
    }

    private IEnumerable<BucketKey> HeldKeys()
    {
        var partition = _store.Handoff.Partition;
        using var states = _context.Disk.Store.NewIterator(new IterateOptions { Prefix = DataKeys.States(partition), FillCache = false });
        if (_after is { } after) states.Seek([.. DataKeys.State(partition, after), 0]);
        else states.SeekToFirst();
        for (; states.Valid; states.Next())
        {
            if (!DataKeys.TryReadState(states.Key, out _, out var key)) continue;
            if (!_store.Spans(key)) break;
            _after = key;
            if (!_streamed.Contains(key)) yield return key;
        }
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
