using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Commits;

/// <summary>
/// Decides whether a write may go on now: is there a memtable with room, is the disk full, is compaction too far behind. Answers
/// <see cref="WriteStatus.Busy"/> instead of waiting to those who asked for that.
/// </summary>
internal sealed class WriteAdmission(StoreContext context, LogSegments log, StoreViews views, DiskSpace space)
{
    private const int MaxRangeTombstones = 1000;
    private static readonly TimeSpan WorthSleeping = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FlushPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SparePause = TimeSpan.FromMilliseconds(5);
    private readonly Lock _delayLock = new();
    private TimeSpan _admitAt;
    private int _level0Tables;

    /// <summary>Tables in level 0, told by the background work.</summary>
    internal int Level0Tables
    {
        get => Volatile.Read(ref _level0Tables);
        set => Volatile.Write(ref _level0Tables, value);
    }

    internal long MergeBytesPerSecond { get; set; } = 64L << 20;

    /// <summary>Has background work looked for; set when the store is put together.</summary>
    internal Action Schedule { get; set; } = () => { };

    /// <summary>Holds a writer back when compaction is behind. Called outside the gate.</summary>
    internal WriteResult Delay(long bytes, in WriteOptions options)
    {
        if (Level0Tables < context.Options.Level0SlowdownTrigger)
            return default;
        TimeSpan wait;
        lock (_delayLock)
        {
            TimeSpan now = context.Scheduler.Now;
            wait = _admitAt - now;
            if (options.NeverWait && wait > WorthSleeping)
            {
                context.Counters.BusyAnswers++;
                return new WriteResult(WriteStatus.Busy, default, wait);
            }

            _admitAt = (wait > TimeSpan.Zero ? _admitAt : now)
                + WriteDelay.For(context.Options, Level0Tables, MergeBytesPerSecond, bytes);
            context.Counters.DelayedWrites++;
        }

        if (wait > WorthSleeping)
            context.Scheduler.Sleep(wait);
        return default;
    }

    /// <summary>Sees to it that the active memtable has room. REQUIRES: the gate is held (a wait lets it go).</summary>
    internal WriteResult MakeRoom(bool onlyDeletes, in WriteOptions options)
    {
        while (true)
        {
            context.Health.ThrowIfFailed();
            ObjectDisposedException.ThrowIf(context.Closing, typeof(LsmStore));
            if (space.IsFull && !onlyDeletes)
                return Refused(WriteStatus.DiskFull, default);
            MemTable active = views.Active;
            if (active.Count == 0 || (active.UsedBytes < context.Options.MemtableBytes && active.RangeCount < MaxRangeTombstones))
                return default;
            if (views.ImmutableCount < context.Options.MaxImmutableMemtables)
            {
                if (options.NeverWait && !log.CanRotateAtOnce)
                    return Refused(WriteStatus.Busy, SparePause);
                if (!TryRotate())
                    return RefuseForSpace();
            }
            else if (space.IsFull)
                return Refused(WriteStatus.DiskFull, default);
            else if (options.NeverWait)
                return Refused(WriteStatus.Busy, FlushPause);
            else
                context.Scheduler.Wait(context.Gate, FlushPause);
        }
    }

    /// <summary>Begins a new memtable and log segment. REQUIRES: the gate is held. False: no space; nothing changed.</summary>
    internal bool TryRotate()
    {
        try
        {
            log.Rotate();
        }
        catch (DiskFullException)
        {
            return false;
        }
        catch (StorageIOException e)
        {
            throw context.Health.Fail("a new segment of the commit log could not be begun", e);
        }

        views.Rotate(new MemTable(context.Arenas, log.Current.Number, context.Options.MemtableBytes));
        log.PrepareSpare();
        Schedule();
        return true;
    }

    internal WriteResult RefuseForSpace()
    {
        space.NoteFull();
        return Refused(WriteStatus.DiskFull, default);
    }

    private WriteResult Refused(WriteStatus status, TimeSpan retryAfter)
    {
        if (status == WriteStatus.Busy)
            context.Counters.BusyAnswers++;
        else
            context.Counters.DiskFullAnswers++;
        return new WriteResult(status, default, retryAfter);
    }
}
