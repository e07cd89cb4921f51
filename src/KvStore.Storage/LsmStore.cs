using System.Buffers;
using KvStore.Storage.CommitLog;
using KvStore.Storage.Commits;
using KvStore.Storage.Compactions;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Tables;
using KvStore.Storage.Vfs;

namespace KvStore.Storage;

/// <summary>
/// A store of ordered keys in one directory: a log-structured merge tree (O'Neil et al. 1996) after LevelDB's shape. Writes go
/// to the commit log and to a memtable; full memtables become tables, and compaction keeps the tables in levels. Thread-safe
/// throughout.
///
/// 1. A write that was answered <see cref="WriteStatus.Done"/> is as durable as was asked, and every read that begins later sees
/// it.
/// 2. After any crash the store holds a prefix of its writes, in their order, with every durable one; a batch is whole or absent.
/// 3. Damage on disk is <see cref="CorruptionException"/>, never a wrong value and never "not there".
/// 4. After a failed sync the store takes no write until it is opened again (<see cref="StoreFailedException"/>).
/// </summary>
public sealed class LsmStore : IDisposable
{
    private static readonly TimeSpan ReadersPatience = TimeSpan.FromSeconds(2);
    private readonly StoreContext _context;
    private readonly IDisposable _lock;
    private readonly TableCatalog _catalog;
    private readonly StoreViews _views;
    private readonly LogSegments _log;
    private readonly DiskSpace _space;
    private readonly WriteAdmission _admission;
    private readonly CommitQueue _commits;
    private readonly BackgroundWork _background;
    private int _disposed;

    private LsmStore(StoreContext context, IDisposable held, Recovery recovery)
    {
        _context = context;
        _lock = held;
        _catalog = recovery.Catalog;
        _space = new DiskSpace(context);
        _log = new LogSegments(context, _catalog, recovery.KeptLogs);
        (List<MemTable> full, MemTable active) = recovery.Divide(_log.Current.Number);
        _views = new StoreViews(_catalog, full, active);
        _admission = new WriteAdmission(context, _log, _views, _space);
        _commits = new CommitQueue(context, _log, _views, _admission, recovery.LastSequence);
        _background = new BackgroundWork(context, _catalog, _views, _log, _commits, _admission, _space);
        _admission.Schedule = _background.Schedule;
        _space.Regained = _background.Look;
    }

    /// <summary>The number of the newest write that reads see.</summary>
    public SequenceNumber LastSequence => _commits.Visible;

    /// <summary>Why the store takes no writes any more; null: it does.</summary>
    public StoreFailedException? Failure => _context.Health.Failure;

    /// <summary>Opens a store, recovering what its last owner left; makes it where there is none and the options allow.</summary>
    /// <exception cref="StoreLockedException">It is open elsewhere.</exception>
    /// <exception cref="CorruptionException">A part of it is damaged. Nothing was changed.</exception>
    /// <exception cref="UnsupportedFormatException">A newer release wrote it, or it is not a store.</exception>
    /// <exception cref="StoreMissingException">There is none, and the options do not allow a new one.</exception>
    public static LsmStore Open(string directory, EngineOptions? options = null)
    {
        options ??= new EngineOptions();
        options.Validate();
        directory = StoreDirectory.Prepare(directory, options);
        IDisposable held = options.FileSystem.Lock($"{directory}/{FileNames.Lock}");
        StoreContext context = StoreContext.Create(directory, options);
        LsmStore store;
        bool tidy;
        using var recovery = new Recovery(context);
        try
        {
            DiskSpace.LetGoIfShort(context);
            recovery.Run();
            tidy = recovery.HasManySegments;
            store = new LsmStore(context, held, recovery);
        }
        catch
        {
            recovery.Memtables.ForEach(memtable => memtable.Release());
            context.Dispose();
            held.Dispose();
            throw;
        }

        try
        {
            store.Start();
            if (tidy && !store._space.IsFull)
                store.TidyUp();
            return store;
        }
        catch
        {
            store.Abandon();
            throw;
        }
    }

    public WriteResult Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, WriteOptions options = default)
    {
        Limits.Check(_context.Options, key.Length, value.Length);
        return _commits.Write(ValueKind.Put, key, value, options);
    }

    public WriteResult Delete(ReadOnlySpan<byte> key, WriteOptions options = default)
    {
        Limits.Check(_context.Options, key.Length, 0);
        return _commits.Write(ValueKind.Delete, key, default, options);
    }

    /// <summary>Deletes every key from <paramref name="begin"/> up to, and without, <paramref name="end"/>; costs the same for
    /// any number of keys.</summary>
    public WriteResult DeleteRange(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end, WriteOptions options = default)
    {
        Limits.CheckRange(_context.Options, begin, end);
        return _commits.Write(ValueKind.RangeDelete, begin, end, options);
    }

    /// <summary>Does all operations of a batch, or none. An empty batch does nothing.</summary>
    public WriteResult Write(WriteBatch batch, WriteOptions options = default)
    {
        Limits.Check(_context.Options, batch);
        return batch.Count == 0 ? new WriteResult(WriteStatus.Done, LastSequence, default) : _commits.Write(batch, options);
    }

    /// <summary>
    /// As <see cref="Write"/>, for callers that must not block: logs the batch and returns; the sync is the engine's own work. Where
    /// it would have to wait for room it answers <see cref="WriteStatus.Busy"/>. The batch may be used again when this returns.
    /// </summary>
    /// <param name="batch">At least one operation.</param>
    /// <param name="callback">Called exactly once if the answer is <see cref="WriteStatus.Done"/>, else never: when the write is as
    /// durable as was asked and reads see it, or when that has failed. In the order of the writes, on a thread of the engine,
    /// never inside this call, and at the latest before <see cref="Dispose"/> returns. It must be short, must not throw and must not
    /// close the store.</param>
    /// <param name="options"><see cref="WriteOptions.NeverWait"/> is implied.</param>
    /// <returns>Done: the batch is logged, survives the death of the process and has its number; it is not durable yet, and no read
    /// sees it yet.</returns>
    public WriteResult Submit(WriteBatch batch, Action<WriteCompletion> callback, WriteOptions options = default) =>
        Submit(batch, callback, options, mayComplete: false, out _);

    /// <summary>
    /// As the other, but a write that has nothing to wait for (no sync was asked for, and all before it are complete) is complete when this
    /// returns: <paramref name="isComplete"/>, and the callback is not called. That saves the way over a thread of the engine.
    /// </summary>
    public WriteResult Submit(WriteBatch batch, Action<WriteCompletion> callback, out bool isComplete, WriteOptions options = default) =>
        Submit(batch, callback, options, mayComplete: true, out isComplete);

    private WriteResult Submit(
        WriteBatch batch, Action<WriteCompletion> callback, WriteOptions options, bool mayComplete, out bool isComplete)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Limits.Check(_context.Options, batch);
        if (batch.Count == 0)
            throw new ArgumentException("The batch is empty. Nothing was changed.", nameof(batch));
        return _commits.Submit(batch, callback, options, mayComplete, out isComplete);
    }

    /// <summary>As <see cref="Submit"/>; the task ends when the callback would be called.</summary>
    public Task<WriteResult> WriteAsync(WriteBatch batch, WriteOptions options = default)
    {
        if (batch.Count == 0)
            return Task.FromResult(new WriteResult(WriteStatus.Done, LastSequence, default));
        var done = new TaskCompletionSource<WriteResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        WriteResult logged = Submit(batch, Complete, options);
        return logged.IsDone ? done.Task : Task.FromResult(logged);

        void Complete(WriteCompletion completion)
        {
            if (completion.Failure is { } failure)
                done.SetException(failure);
            else
                done.SetResult(new WriteResult(WriteStatus.Done, completion.Sequence, default));
        }
    }

    /// <summary>The value of a key, in a new array; null: there is none.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key, StoreSnapshot? snapshot = null)
    {
        var sink = default(ArraySink);
        return Get(key, snapshot, ref sink) ? sink.Value : null;
    }

    /// <summary>Copies the value into a span.</summary>
    /// <param name="length">The value's length; larger than the destination when it did not fit, and then only its beginning was
    /// copied.</param>
    /// <returns>False: there is no value.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length, StoreSnapshot? snapshot = null)
    {
        var sink = new SpanSink(destination);
        bool found = Get(key, snapshot, ref sink);
        length = sink.Length;
        return found;
    }

    /// <summary>Appends the value to a writer.</summary>
    /// <returns>False: there is no value.</returns>
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> writer, StoreSnapshot? snapshot = null)
    {
        var sink = new WriterSink(writer);
        return Get(key, snapshot, ref sink);
    }

    public bool Contains(ReadOnlySpan<byte> key, StoreSnapshot? snapshot = null)
    {
        var sink = default(NoSink);
        return Get(key, snapshot, ref sink);
    }

    /// <summary>Gives the value to a sink of the caller's own kind, while it is pinned; the way to read without a copy.</summary>
    public bool Get<TSink>(ReadOnlySpan<byte> key, StoreSnapshot? snapshot, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        return Look(key, snapshot, cachedOnly: false, ref sink) == LookupState.Found;
    }

    /// <summary>As <see cref="Get{TSink}"/>, but asks memory only: memtables, open tables' filters, cached blocks. For callers that
    /// must not wait for a disk; those who get <see cref="CachedLookup.NotCached"/> ask again, elsewhere, with
    /// <see cref="Get{TSink}"/>, which brings the block into the cache.</summary>
    public CachedLookup TryGetCached<TSink>(ReadOnlySpan<byte> key, StoreSnapshot? snapshot, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        return Look(key, snapshot, cachedOnly: true, ref sink) switch
        {
            LookupState.Found => CachedLookup.Found,
            LookupState.NotCached => CachedLookup.NotCached,
            _ => CachedLookup.NotFound,
        };
    }

    /// <summary>As <see cref="TryGetCached{TSink}"/>, copying the value into a span.</summary>
    /// <param name="length">The value's length; larger than the destination when it did not fit.</param>
    public CachedLookup TryGetCached(ReadOnlySpan<byte> key, Span<byte> destination, out int length, StoreSnapshot? snapshot = null)
    {
        var sink = new SpanSink(destination);
        CachedLookup answer = TryGetCached(key, snapshot, ref sink);
        length = sink.Length;
        return answer;
    }

    /// <summary>As <see cref="TryGetCached{TSink}"/>, appending the value to a writer.</summary>
    public CachedLookup TryGetCached(ReadOnlySpan<byte> key, IBufferWriter<byte> writer, StoreSnapshot? snapshot = null)
    {
        var sink = new WriterSink(writer);
        return TryGetCached(key, snapshot, ref sink);
    }

    /// <summary>The values of several keys at one moment, in the order of the keys; null where there is none.</summary>
    public byte[]?[] MultiGet(IReadOnlyList<byte[]> keys, StoreSnapshot? snapshot = null)
    {
        var values = new byte[]?[keys.Count];
        ReadView view = _views.Take();
        try
        {
            SequenceNumber sequence = snapshot?.Sequence ?? _commits.Visible;
            for (int i = 0; i < values.Length; i++)
            {
                var sink = default(ArraySink);
                PointReader.Get(_context.TableCache, view, keys[i], sequence, cachedOnly: false, ref sink);
                values[i] = sink.Value;
            }
        }
        finally
        {
            view.Release();
        }

        return values;
    }

    /// <summary>An iterator over the keys of this moment, or of a snapshot's. Dispose it.</summary>
    public StoreIterator NewIterator(IterateOptions? options = null)
    {
        options ??= new IterateOptions();
        ReadView view = _views.Take();
        try
        {
            SequenceNumber sequence = options.Snapshot?.Sequence ?? _commits.Visible;
            (byte[]? lower, byte[]? upper) = options.Bounds();
            return new StoreIterator(_context.Counters, view, ViewIterators.Entries(_context, view, options.FillCache),
                ViewIterators.Ranges(_context, view), sequence, lower, upper);
        }
        catch
        {
            view.Release();
            throw;
        }
    }

    /// <summary>Keeps this moment readable until disposed.</summary>
    public StoreSnapshot Snapshot() => new(_context.Snapshots.Take(() => _commits.Visible), _context.Snapshots.Release);

    /// <summary>Makes what was written with a lesser durability durable.</summary>
    public void Sync()
    {
        _commits.Sync();
        _context.Health.ThrowIfFailed();
    }

    /// <summary>Returns when everything written before is in tables.</summary>
    public void Flush()
    {
        lock (_context.Gate)
        {
            MemTable active = _views.Active;
            if (active.Count > 0)
            {
                while (_views.ImmutableCount >= _context.Options.MaxImmutableMemtables)
                    _background.AwaitFlushed(_views.OldestImmutable!);
                if (_views.Active == active && !_admission.TryRotate())
                {
                    _space.NoteFull();
                    throw new DiskFullException("flush", _context.Directory, 28, "no space for a new commit log segment");
                }
            }

            _background.AwaitFlushed(active, unlessActive: active.Count == 0);
        }
    }

    /// <summary>Flushes, and merges all tables of a range down to one level; null: no bound. Takes as long as it takes.</summary>
    public void Compact(byte[]? begin = null, byte[]? end = null)
    {
        Flush();
        _background.CompactRange(begin, end);
    }

    /// <summary>Returns when no flush or compaction is due.</summary>
    public void WaitForBackgroundWork() => _background.WaitIdle();

    /// <summary>Makes a copy of the store in a new directory of the same file system, by hard links: it takes no space and
    /// little time. The copy holds everything written before the call.</summary>
    public void Checkpoint(string directory)
    {
        Flush();
        StoreCheckpoint.Write(_context, _catalog, directory);
    }

    /// <summary>Reads every table and the manifest from the disk, past the caches, and checks every block.</summary>
    /// <returns>What is damaged; empty: nothing.</returns>
    public IReadOnlyList<CorruptionException> Verify() => StoreVerifier.Run(_context, _catalog);

    public StoreStatistics Statistics()
    {
        lock (_context.Gate)
            return StoreStatistics.Of(_context, _catalog.Current, _views, LastSequence, _background.Damage, _space.IsFull);
    }

    /// <summary>
    /// Ends background work, makes the log durable and closes the files. Reads that are under way end before. Iterators must be disposed
    /// before: what they hold is not let go.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody went on reading; all else was done.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        lock (_context.Gate)
        {
            _context.Closing = true;
            _context.Scheduler.Wake(_context.Gate);
        }

        _commits.Close();
        _context.Scheduler.Dispose();
        lock (_context.Gate)
            _views.Close();
        for (int waited = 0; _views.AnyHeld && waited < ReadersPatience.TotalMilliseconds; waited++)
            _context.Scheduler.Sleep(TimeSpan.FromMilliseconds(1));
        _log.Dispose();
        _catalog.Dispose();
        _lock.Dispose();
        if (_views.AnyHeld)
            throw new InvalidOperationException("The store was closed under a reader: its memory was not freed. Dispose iterators before the store.");
        _context.Dispose();
    }

    /// <summary>For one that did not open whole: the reason why is told, and not what closing it says.</summary>
    private void Abandon()
    {
        try
        {
            Dispose();
        }
        catch (StorageException)
        {
            // What could not be synced is in the log, and its writers were acknowledged by the process before.
        }
    }

    /// <summary>Does what the openings and closings before were too short for, so that neither segments nor tables pile
    /// up.</summary>
    private void TidyUp()
    {
        Flush();
        if (_catalog.Current.Levels[0].Length >= _context.Options.Level0SlowdownTrigger)
            WaitForBackgroundWork();
    }

    private void Start()
    {
        _space.Open();
        lock (_context.Gate)
        {
            _log.PrepareSpare();
            _background.Schedule();
        }

        if (_context.Options.Durability == Durability.Interval)
            SyncLater();
    }

    private LookupState Look<TSink>(ReadOnlySpan<byte> key, StoreSnapshot? snapshot, bool cachedOnly, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        ReadView view = _views.Take();
        try
        {
            // The view first, the number second: what compaction dropped from this view was not visible to this number.
            SequenceNumber sequence = snapshot?.Sequence ?? _commits.Visible;
            return PointReader.Get(_context.TableCache, view, key, sequence, cachedOnly, ref sink);
        }
        finally
        {
            view.Release();
        }
    }

    private void SyncLater() => _context.Scheduler.After(_context.Options.SyncInterval, JobLane.Commit, () =>
    {
        if (_context.Closing || _context.Health.Failure is not null)
            return;
        _commits.Sync();
        SyncLater();
    });
}
