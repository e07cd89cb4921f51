using KvStore.Storage.CommitLog;
using KvStore.Storage.Commits;
using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;
using KvStore.Storage.Scheduling;

namespace KvStore.Storage.Compactions;

/// <summary>
/// Runs flushes and compactions when they are due. Decisions are taken under the store's gate; the work itself is done by jobs.
///
/// 1. One flush at a time, oldest memtable first.
/// 2. No table is in two compactions at once.
/// 3. A table found damaged, and what would have to be merged with it, is left alone from then on: it stays for a repair to
/// replace.
/// </summary>
internal sealed class BackgroundWork(
    StoreContext context,
    TableCatalog catalog,
    StoreViews views,
    LogSegments log,
    CommitQueue commits,
    WriteAdmission admission,
    DiskSpace space)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);
    private readonly HashSet<FileNumber> _busy = [];
    private readonly HashSet<FileNumber> _quarantined = [];
    private readonly RateLimiter _limiter = new(
        context.Scheduler, context.Options.CompactionBytesPerSecond, () => context.Closing);
    private readonly List<CorruptionException> _damage = [];
    private bool _flushing;
    private bool _manual;

    /// <summary>Compactions under way. Read under the gate.</summary>
    internal int Running { get; private set; }

    internal bool IsIdle => !_flushing && Running == 0 && views.ImmutableCount == 0;

    internal IReadOnlyList<CorruptionException> Damage
    {
        get
        {
            lock (context.Gate)
                return [.. _damage];
        }
    }

    /// <summary>Looks what is due. REQUIRES: the gate is held.</summary>
    internal void Schedule()
    {
        admission.Level0Tables = catalog.Current.Levels[0].Length;
        if (context.Closing || context.Health.Failure is not null)
            return;
        if (!_flushing && views.ImmutableCount > 0)
        {
            _flushing = true;
            context.Scheduler.Enqueue(JobLane.Flush, Flush);
        }

        while (!_manual && Running < context.Options.CompactionThreads && Pick() is { } compaction)
        {
            Begin(compaction);
            context.Scheduler.Enqueue(JobLane.Compaction, () => Compact(compaction));
        }
    }

    /// <summary>Looks what is due; for timers.</summary>
    internal void Look()
    {
        lock (context.Gate)
            Schedule();
    }

    /// <summary>Merges everything in a range down to the deepest level that holds any of it, on the calling thread.</summary>
    internal void CompactRange(byte[]? begin, byte[]? end)
    {
        lock (context.Gate)
        {
            while (_manual || Running > 0)
                WaitForWork();
            _manual = true;
        }

        try
        {
            for (int level = 0; level < TableSet.LevelCount - 1; level++)
                CompactLevel(level, begin, end);
        }
        finally
        {
            lock (context.Gate)
            {
                _manual = false;
                context.Scheduler.Wake(context.Gate);
                Schedule();
            }
        }
    }

    /// <summary>Waits until no background work is left that is due now.</summary>
    internal void WaitIdle()
    {
        lock (context.Gate)
        {
            Schedule();
            while (!IsIdle)
                WaitForWork();
        }
    }

    /// <summary>Waits until a memtable has become a table. REQUIRES: the gate is held.</summary>
    /// <param name="unlessActive">An active memtable is not waited for: only what was full before it.</param>
    internal void AwaitFlushed(MemTable memtable, bool unlessActive = false)
    {
        while (unlessActive ? views.ImmutableCount > 0 : views.Contains(memtable))
            WaitForWork();
    }

    private void WaitForWork()
    {
        context.Health.ThrowIfFailed();
        ObjectDisposedException.ThrowIf(context.Closing, typeof(LsmStore));
        context.Scheduler.Wait(context.Gate, RetryPause);
    }

    private Compaction? Pick()
    {
        SequenceNumber oldest = context.Snapshots.With(() => commits.Visible)[0];
        var avoid = new HashSet<FileNumber>(_busy);
        avoid.UnionWith(_quarantined);
        return CompactionPicker.Pick(catalog.Current, context.Options, avoid, oldest);
    }

    private void Begin(Compaction compaction)
    {
        Running++;
        foreach (TableInfo table in compaction.All)
            _busy.Add(table.Number);
    }

    private void End(Compaction compaction)
    {
        Running--;
        foreach (TableInfo table in compaction.All)
            _busy.Remove(table.Number);
    }

    private void Flush()
    {
        MemTable memtable;
        FileNumber firstLogAfter;
        lock (context.Gate)
        {
            memtable = views.OldestImmutable!;
            firstLogAfter = views.FirstLogAfterOldest();
        }

        bool done = Guarded([], () =>
        {
            // What goes into tables is visible first: a compaction may drop only what no read can still come to see.
            if (commits.Visible < memtable.LastSequence || log.OlderNeedSync)
                commits.Sync();
            context.Health.ThrowIfFailed();
            ManifestEdit edit = FlushJob.Run(
                context, catalog, memtable, firstLogAfter, context.Snapshots.With(() => commits.Visible));
            catalog.Install(edit);
            Interlocked.Increment(ref context.Counters.Flushes);
            Interlocked.Add(ref context.Counters.FlushedBytes, edit.Added.Sum(added => added.Table.FileSize));
        });
        RangeTombstone[] ranges = memtable.RangeList();
        if (done)
        {
            lock (context.Gate)
            {
                views.DropOldest();
                log.Retire(firstLogAfter, commits.Syncing);
                context.Scheduler.Wake(context.Gate);
            }

            if (ranges.Length > 0)
                DropCovered(ranges);
        }

        lock (context.Gate)
        {
            _flushing = false;
            context.Scheduler.Wake(context.Gate);
            if (done)
                Schedule();
        }
    }

    private void Compact(Compaction compaction)
    {
        bool done = Guarded(compaction.All, () => RunCompaction(compaction));
        lock (context.Gate)
        {
            End(compaction);
            views.Publish();
            context.Scheduler.Wake(context.Gate);
            if (done || !space.IsFull)
                Schedule(); // else the timer does: what found no space would fill the disk again at once
        }
    }

    private void RunCompaction(Compaction compaction)
    {
        TimeSpan start = context.Scheduler.Now;
        TableSet tables = catalog.PinCurrent();
        try
        {
            ManifestEdit edit = CompactionJob.Run(
                context, catalog, tables, compaction, context.Snapshots.With(() => commits.Visible), _limiter);
            catalog.Install(edit);
            if (compaction.Kind != CompactionKind.Merge)
                return;
            Interlocked.Increment(ref context.Counters.Compactions);
            Interlocked.Add(ref context.Counters.CompactionReadBytes, compaction.InputBytes);
            Interlocked.Add(ref context.Counters.CompactionWrittenBytes, edit.Added.Sum(added => added.Table.FileSize));
            double seconds = (context.Scheduler.Now - start).TotalSeconds;
            if (seconds > 0.01)
                admission.MergeBytesPerSecond = (admission.MergeBytesPerSecond + (long)(compaction.InputBytes / seconds)) / 2;
        }
        finally
        {
            catalog.Unpin(tables);
        }
    }

    private void DropCovered(RangeTombstone[] ranges)
    {
        Compaction[] covered;
        lock (context.Gate)
        {
            if (context.Closing || _manual)
                return;
            covered = CompactionPicker.PickCovered(
                catalog.Current, ranges, _busy, context.Snapshots.With(() => commits.Visible));
            foreach (Compaction compaction in covered)
                Begin(compaction);
        }

        foreach (Compaction compaction in covered)
        {
            Interlocked.Add(ref context.Counters.DroppedTables, compaction.Inputs.Length);
            Compact(compaction);
        }
    }

    private void CompactLevel(int level, byte[]? begin, byte[]? end)
    {
        TableSet tables = catalog.Current;
        bool bottom = level >= tables.Depth - 1;
        Compaction? compaction = null;
        if (!bottom || level == 0)
            compaction = CompactionPicker.PickRange(tables, level, level + 1, begin, end);
        else if (tables.Overlapping(level, begin, end).Any(table => table.Tombstones + table.RangeTombstones > 0))
            compaction = CompactionPicker.PickRange(tables, level, level, begin, end);
        if (compaction is null)
            return;
        RunCompaction(compaction);
        lock (context.Gate)
            views.Publish();
    }

    /// <summary>Runs work and deals with what may go wrong in it.</summary>
    /// <returns>It was done.</returns>
    private bool Guarded(IEnumerable<TableInfo> inputs, Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (OperationCanceledException) when (context.Closing)
        {
            return false;
        }
        catch (DiskFullException e) when (e.Operation != "fdatasync")
        {
            space.NoteFull();
            context.Scheduler.After(RetryPause, JobLane.Flush, Look);
        }
        catch (CorruptionException e)
        {
            Quarantine(inputs, e);
        }
        catch (UnsupportedFormatException e)
        {
            Quarantine(inputs, new CorruptionException(e.File, 0, e.Message));
        }
        catch (StorageIOException e) when (e.Operation is "pread" or "lseek")
        {
            Quarantine(inputs, new CorruptionException(e.Path, 0, e.Message));
        }
        catch (StoreFailedException)
        {
            commits.Failed();
        }
        catch (Exception e)
        {
            context.Health.Fail("background work failed", e);
            commits.Failed();
        }

        return false;
    }

    private void Quarantine(IEnumerable<TableInfo> inputs, CorruptionException damage)
    {
        lock (context.Gate)
        {
            _damage.Add(damage);
            foreach (TableInfo table in inputs)
                _quarantined.Add(table.Number);
        }
    }
}
