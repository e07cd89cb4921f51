using Akka.Actor;
using Akka.Event;
using KvStore.Data;
using KvStore.Node.Settings;
using KvStore.Storage;

namespace KvStore.Node.Disk;

/// <summary>
/// /user/kv/storage: everything this node writes. Gathers what lies in its mailbox into one batch, has the engine log it, and goes on
/// gathering while that is synced: it never waits. Reads that need the disk are handed to its readers, which have a dispatcher of their own.
/// Parent: the node supervisor. A failed sync is the end of the node. After any other failure it starts again, and what was under way is
/// unknown: see <see cref="StorageProtocol.StorageRestarted"/>.
/// <para>Invariants: (1) the records of one writer reach the log in the order of its messages; (2) a message of an earlier generation
/// changes nothing; (3) what a writer has done once it is settled is done when all its writes before are durable and visible, and none of
/// its writes after.</para>
/// </summary>
public sealed class StorageActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan DiskFullPause = TimeSpan.FromMilliseconds(250);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeDisk _disk;
    private readonly IActorRef _self = Context.Self;
    private readonly IActorRef[] _readers;
    private readonly long _generation;
    private readonly Progress _progress = new();
    private readonly WriteBatch _gathered = new();
    private readonly Queue<Settling> _settling = new();
    private readonly Dictionary<IActorRef, Queue<object>> _held = [];
    private List<StorageProtocol.Claim> _claims = [];
    private long _submitted;
    private bool _synced;
    private bool _submitQueued;
    private bool _isClosed;

    public StorageActor(NodeDisk disk)
    {
        (_disk, _generation) = (disk, disk.NextLife());
        _readers = [.. Enumerable.Range(1, disk.Settings.Readers).Select(i =>
            Context.ActorOf(ReaderActor.Props(disk).WithDispatcher(StorageSettings.ReaderDispatcher), $"reader-{i}"))];
        Receive<StorageProtocol.Commit>(OnCommit);
        Receive<StorageProtocol.Keep>(keep => Gather([keep.Write]), _ => !_isClosed);
        Receive<SubmitGathered>(_ => Submit());
        Receive<Retry>(_ => Submit(isRetry: true));
        Receive<BatchEnded>(OnBatchEnded);
        Receive<StorageProtocol.Load>(load => ReaderOf(load.Partition.Value).Tell(load));
        Receive<StorageProtocol.ReadRecord>(read => ReaderOf(read.Partition.Value).Tell(read));
        Receive<StorageProtocol.ListStates>(list => ReaderOf(list.Partition.Value).Tell(list));
        Receive<StorageProtocol.ListNames>(list => ReaderOf(list.Request.Partition.Value).Tell(list));
        Receive<StorageProtocol.OpenReplica>(open => WhenSettled(open.ReplyTo, () =>
            ReaderOf(open.Partition.Value).Tell(new ReaderActor.Open(open, _generation))));
        Receive<StorageProtocol.Scan>(scan => WhenSettled(scan.ReplyTo, () =>
            ReaderOf(scan.Partition.Value).Tell(new ReaderActor.ScanSnapshot(scan, _disk.Store.Snapshot()))));
        Receive<StorageProtocol.Settle>(settle => WhenSettled(settle.ReplyTo, () =>
            settle.ReplyTo.Tell(new StorageProtocol.Settled(settle.Life, _generation))));
        Receive<StorageProtocol.CloseDisk>(_ => OnClose(Sender));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeDisk disk) => Akka.Actor.Props.Create(() => new StorageActor(disk));

    protected override SupervisorStrategy SupervisorStrategy() => KvSupervision.OfParts;

    /// <summary>What the engine was given before the failure is settled when a write that comes after it is.</summary>
    protected override void PostRestart(Exception reason)
    {
        _log.Error(reason, "Storage has started again; what was under way is answered as unknown");
        _disk.IsBehind = false;
        _gathered.Put(DataKeys.Generation, BitConverter.GetBytes(_generation));
        _synced = true;
        Submit();
        WhenSettled(_self, () => Context.System.EventStream.Publish(new StorageProtocol.StorageRestarted(_generation)));
    }

    private IActorRef ReaderOf(int partition) => _readers[partition % _readers.Length];

    private void OnCommit(StorageProtocol.Commit commit)
    {
        if (commit.Claim.Generation != _generation || _isClosed) return;
        if (_held.Count > 0 && _held.TryGetValue(commit.Claim.ReplyTo, out var held)) held.Enqueue(commit);
        else Gather(commit);
    }

    private void Gather(StorageProtocol.Commit commit)
    {
        _claims.Add(commit.Claim);
        _synced |= commit.Synced;
        Gather(commit.Writes);
    }

    private void Gather(IReadOnlyList<StorageProtocol.DataWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write.End is { } end) _gathered.DeleteRange(write.Key, end);
            else if (write.Value is { } value) _gathered.Put(write.Key, value.Span);
            else _gathered.Delete(write.Key);
        }
        if (_gathered.Bytes >= _disk.Settings.GatherBytes) Submit();
        else if (!_submitQueued)
        {
            // Behind everything that lies in the mailbox now: that is the batch.
            _submitQueued = true;
            _self.Tell(SubmitGathered.Instance);
        }
    }

    private void Submit(bool isRetry = false)
    {
        _submitQueued &= isRetry;
        if (_gathered.Count == 0 || (_disk.IsBehind && !isRetry)) return;
        var (claims, self, progress) = (_claims, _self, _progress);
        var options = new WriteOptions { Durability = _synced ? Durability.Group : null, NeverWait = true };
        var result = _disk.Store.Submit(_gathered, completion => End(self, progress, claims, completion), out var isComplete, options);
        if (!result.IsDone)
        {
            Pause(result);
            return;
        }
        StorageMetrics.CountBatch(_gathered.Count, _gathered.Bytes);
        _disk.IsBehind = false;
        _submitted++;
        if (_synced || _disk.AcknowledgesDurable)
            foreach (var claim in claims)
                if (claim.WantsLogged) claim.ReplyTo.Tell(new StorageProtocol.Logged(claim.Life, claim.Tag));
        _gathered.Clear();
        (_claims, _synced) = ([], false);
        if (isComplete) End(self, progress, claims, new WriteCompletion(result.Sequence, null));
    }

    /// <summary>
    /// On a thread of the engine, or at once if the batch has nothing to wait for: whoever waits is told without the way through this actor,
    /// which is woken only if there is something for it to do.
    /// </summary>
    private static void End(IActorRef self, Progress progress, List<StorageProtocol.Claim> claims, WriteCompletion completion)
    {
        if (completion.IsDone)
            foreach (var claim in claims) claim.ReplyTo.Tell(new StorageProtocol.Committed(claim.Life, claim.Tag));
        Interlocked.Increment(ref progress.Ended);
        if (!completion.IsDone || Volatile.Read(ref progress.IsAwaited)) self.Tell(new BatchEnded(completion.Failure));
    }

    private void OnBatchEnded(BatchEnded ended)
    {
        if (ended.Failure is { } failure) throw new StoreFailedException("a write could not be made durable", failure);
        RunSettled();
    }

    /// <summary>The engine is behind, or its disk is full: new writes are refused until it takes these.</summary>
    private void Pause(WriteResult result)
    {
        if (result.Status == WriteStatus.DiskFull && !_disk.IsBehind)
            _log.Warning("The disk is full: writes are refused until there is space; reads go on");
        _disk.IsBehind = true;
        var pause = result.Status == WriteStatus.DiskFull ? DiskFullPause
            : result.RetryAfter > ShortestPause ? result.RetryAfter : ShortestPause;
        Timers.StartSingleTimer(Retry.Instance, Retry.Instance, pause);
    }

    /// <summary>
    /// Does something when all that the writer sent before is durable and visible; what it sends meanwhile is held. Other writers go on.
    /// </summary>
    private void WhenSettled(IActorRef writer, Action action)
    {
        if (_held.TryGetValue(writer, out var held)) held.Enqueue(action);
        else Settle(writer, action);
    }

    private void Settle(IActorRef writer, Action action)
    {
        _held.TryAdd(writer, new Queue<object>());
        _settling.Enqueue(new Settling(writer, _gathered.Count > 0 ? _submitted + 1 : _submitted, action));
        RunSettled();
    }

    private void RunSettled()
    {
        // Awaited first, looked second: a batch that ends in between is either seen here or says so.
        Interlocked.Exchange(ref _progress.IsAwaited, true);
        while (_settling.TryPeek(out var settled) && Interlocked.Read(ref _progress.Ended) >= settled.Batch)
        {
            _settling.Dequeue();
            settled.Action();
            Release(settled.Writer);
        }
        Volatile.Write(ref _progress.IsAwaited, _settling.Count > 0);
    }

    /// <summary>Lets a writer go on, up to the next thing that it wants settled.</summary>
    private void Release(IActorRef writer)
    {
        var held = _held[writer];
        while (held.TryDequeue(out var next))
        {
            if (next is StorageProtocol.Commit commit)
            {
                Gather(commit);
                continue;
            }
            _settling.Enqueue(new Settling(writer, _gathered.Count > 0 ? _submitted + 1 : _submitted, (Action)next));
            return;
        }
        _held.Remove(writer);
    }

    /// <summary>The marker is the last thing that is written.</summary>
    private void OnClose(IActorRef sender) => WhenSettled(_self, () =>
    {
        _isClosed = true;
        _disk.Data.MarkCleanStop();
        sender.Tell(StorageProtocol.DiskClosed.Instance);
    });

    private sealed class SubmitGathered
    {
        public static readonly SubmitGathered Instance = new();
    }

    private sealed class Retry
    {
        public static readonly Retry Instance = new();
    }

    private sealed record BatchEnded(Exception? Failure);

    /// <summary>How many batches of one generation have ended; written by the engine's threads.</summary>
    private sealed class Progress
    {
        public long Ended;
        public bool IsAwaited;
    }

    /// <summary>Something to do once this batch has ended.</summary>
    private readonly record struct Settling(IActorRef Writer, long Batch, Action Action);
}
