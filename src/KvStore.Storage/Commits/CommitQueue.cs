using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;
using KvStore.Storage.Scheduling;

namespace KvStore.Storage.Commits;

/// <summary>
/// Orders writes, logs them, adds them to the memtable, and acknowledges each when it is as durable as was asked. Writers that
/// need a sync share it: while one syncs, the others log; whoever finds no sync under way runs the next for all.
///
/// 1. Sequence numbers, log records and memtable entries come in the same order, under the store's gate.
/// 2. A write is visible to reads (<see cref="Visible"/>) only when it and every earlier one is as durable as its writer asked.
/// So a read never shows what a power cut can still take back, unless its writer agreed to that.
/// 3. After one failed append or sync nothing is acknowledged any more (<see cref="StoreHealth"/>).
/// </summary>
internal sealed class CommitQueue(
    StoreContext context, LogSegments log, StoreViews views, WriteAdmission admission, SequenceNumber last)
{
    private readonly Completions _completions = new(context);
    private readonly WaitingWriters _writers = new(context);
    private SequenceNumber _last = last;
    private SequenceNumber _durable = last;
    private SequenceNumber _mustSync = last;
    private ulong _visible = last.Value;
    private Action? _job;
    private bool _jobQueued;

    /// <summary>Reads see the writes up to this number.</summary>
    internal SequenceNumber Visible => new(Volatile.Read(ref _visible));

    /// <summary>A sync of the log is under way outside the gate.</summary>
    internal bool Syncing { get; private set; }

    internal WriteResult Write(ValueKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in WriteOptions options)
    {
        if (admission.Delay(key.Length + value.Length, options) is { Status: not WriteStatus.Done } held)
            return held;
        SequenceNumber sequence;
        lock (context.Gate)
        {
            WriteResult room = admission.MakeRoom(kind != ValueKind.Put, options);
            if (!room.IsDone)
                return room;
            sequence = _last + 1;
            try
            {
                log.Current.AppendOne(sequence, kind, key, value);
                views.Active.Add(sequence, kind, key, value);
            }
            catch (Exception e)
            {
                return NotLogged(e);
            }

            Logged(sequence, key.Length + value.Length, options);
        }

        AwaitVisible(sequence);
        return new WriteResult(WriteStatus.Done, sequence, default);
    }

    internal WriteResult Write(WriteBatch batch, in WriteOptions options)
    {
        if (admission.Delay(batch.Bytes, options) is { Status: not WriteStatus.Done } held)
            return held;
        WriteResult result;
        lock (context.Gate)
            result = LogBatch(batch, options);
        if (result.IsDone)
            AwaitVisible(result.Sequence);
        return result;
    }

    /// <summary>As <see cref="Write(WriteBatch, in WriteOptions)"/>, but does not wait for the sync: that is a background job, and
    /// then comes the callback. Where <paramref name="mayComplete"/> and there is nothing to wait for, none comes.</summary>
    internal WriteResult Submit(
        WriteBatch batch, Action<WriteCompletion> callback, WriteOptions options, bool mayComplete, out bool isComplete)
    {
        isComplete = false;
        options = options with { NeverWait = true };
        if (admission.Delay(batch.Bytes, options) is { Status: not WriteStatus.Done } held)
            return held;
        lock (context.Gate)
        {
            WriteResult result = LogBatch(batch, options);
            if (!result.IsDone)
                return result;
            isComplete = mayComplete && _visible >= result.Sequence.Value && _completions.IsIdle;
            if (isComplete)
                return result;
            _completions.Add(result.Sequence, callback);
            QueueJob();
            return result;
        }
    }

    /// <summary>Syncs what is logged, if anything is not durable yet. Called outside the gate or once inside it.</summary>
    internal void Sync(bool olderOnly = false)
    {
        lock (context.Gate)
        {
            while (Syncing)
                context.Scheduler.Wait(context.Gate, Timeout.InfiniteTimeSpan);
            if (context.Health.Failure is null && !context.Closing
                && (olderOnly ? log.OlderNeedSync : _durable < _last || log.OlderNeedSync))
                RunRound(olderOnly);
        }
    }

    /// <summary>Ends the log in order and makes all of it durable. No write may be under way or come later.</summary>
    internal void Close()
    {
        lock (context.Gate)
        {
            while (Syncing)
                context.Scheduler.Wait(context.Gate, Timeout.InfiniteTimeSpan);
            if (context.Health.Failure is null)
            {
                TryAppendEnd();
                RunRound(olderOnly: false);
            }

            _completions.FailAll(context.Health.Failure ?? (Exception)new ObjectDisposedException(nameof(LsmStore)));
        }

        _completions.CallAll();
    }

    /// <summary>The store has failed: wakes and tells everybody who waits.</summary>
    internal void Failed()
    {
        lock (context.Gate)
        {
            if (context.Health.Failure is { } failure)
            {
                _completions.FailAll(failure);
                CallWriters();
            }

            if (_completions.AnyDue)
                QueueJob();
            context.Scheduler.Wake(context.Gate);
        }
    }

    private void TryAppendEnd()
    {
        try
        {
            log.Current.AppendEnd();
        }
        catch (StorageIOException)
        {
            // What was acknowledged is in the log already; only the proof of an orderly end is missing.
        }
    }

    private WriteResult LogBatch(WriteBatch batch, in WriteOptions options)
    {
        WriteResult room = admission.MakeRoom(batch.OnlyDeletes, options);
        if (!room.IsDone)
            return room;
        SequenceNumber sequence = _last + 1;
        try
        {
            log.Current.AppendBatch(sequence, batch.Count, batch.Operations);
            ReadOnlySpan<byte> rest = batch.Operations;
            while (Operations.TryRead(ref rest, out ValueKind kind, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
            {
                views.Active.Add(sequence, kind, key, value);
                sequence += 1;
            }
        }
        catch (Exception e)
        {
            return NotLogged(e);
        }

        Logged(_last + (ulong)batch.Count, batch.Bytes, options);
        return new WriteResult(WriteStatus.Done, _last, default);
    }

    /// <summary>A full disk left no trace in the log; after anything else it is unknown what the log holds.</summary>
    private WriteResult NotLogged(Exception e)
    {
        if (e is DiskFullException { Operation: not "ftruncate" })
            return admission.RefuseForSpace();
        StoreFailedException failure = context.Health.Fail("the commit log could not be written", e);
        Failed();
        throw failure;
    }

    private void Logged(SequenceNumber sequence, int bytes, in WriteOptions options)
    {
        context.Counters.Writes += (long)(sequence.Value - _last.Value);
        context.Counters.WrittenBytes += bytes;
        _last = sequence;
        if ((options.Durability ?? context.Options.Durability) == Durability.Group)
            _mustSync = sequence;
        if (_mustSync <= _durable)
            Volatile.Write(ref _visible, sequence.Value);
    }

    /// <summary>Outside the gate.</summary>
    private void AwaitVisible(SequenceNumber sequence)
    {
        while (Volatile.Read(ref _visible) < sequence.Value)
        {
            lock (context.Gate)
            {
                if (_visible >= sequence.Value)
                    return;
                context.Health.ThrowIfFailed();
                if (!Syncing)
                {
                    RunRound(olderOnly: false);
                    continue;
                }

                _writers.Join(sequence);
            }

            _writers.Await();
        }
    }

    /// <summary>One sync for all that is logged now. REQUIRES: the gate is held; it is let go meanwhile.</summary>
    private void RunRound(bool olderOnly)
    {
        Syncing = true;
        SequenceNumber upTo = _last;
        SegmentWriter[] segments = log.ToSync(olderOnly);
        Exception? failure = null;
        Monitor.Exit(context.Gate);
        try
        {
            foreach (SegmentWriter segment in segments)
                segment.Sync();
        }
        catch (StorageIOException e)
        {
            failure = e;
        }
        finally
        {
            Monitor.Enter(context.Gate);
            Syncing = false;
        }

        context.Counters.LogSyncs += segments.Length;
        if (failure is not null)
        {
            context.Health.Fail("the commit log could not be synced", failure);
            context.NoteUnsynced();
        }

        if (context.Health.Failure is null)
            RoundDone(segments, olderOnly ? _durable : upTo);
        Failed();
        if (_completions.AnyWaiting)
            QueueJob();
        CallWriters();
    }

    /// <summary>REQUIRES: the gate is held; it is let go meanwhile.</summary>
    private void CallWriters()
    {
        List<WaitingWriters.Waiter> due = _writers.TakeDue(_visible, all: context.Health.Failure is not null);
        Monitor.Exit(context.Gate);
        try
        {
            _writers.Call(due);
        }
        finally
        {
            Monitor.Enter(context.Gate);
            _writers.Recycle(due);
        }
    }

    private void RoundDone(SegmentWriter[] segments, SequenceNumber upTo)
    {
        log.Synced(segments);
        _durable = upTo > _durable ? upTo : _durable;
        SequenceNumber visible = _mustSync <= _durable ? _last : _durable;
        if (visible.Value > _visible)
            Volatile.Write(ref _visible, visible.Value);
        _completions.Reached(_visible);
    }

    /// <summary>Has callbacks called, and what they wait for synced, in the background. REQUIRES: the gate is held.</summary>
    private void QueueJob()
    {
        if (_jobQueued)
            return;
        _jobQueued = true;
        context.Scheduler.Enqueue(JobLane.Commit, _job ??= CommitJob);
    }

    private void CommitJob()
    {
        bool sync;
        lock (context.Gate)
        {
            _jobQueued = false;
            _completions.Reached(_visible);
            sync = _completions.AnyWaiting;
        }

        _completions.CallDue();
        if (!sync)
            return;
        Sync();
        Failed(); // elsewhere than in a sync, if at all: nobody else tells those who wait here
        _completions.CallDue();
    }
}
