using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Scheduling;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.CommitLog;

/// <summary>
/// The segments of an open store's commit log: the one being written, older ones whose entries are not in tables yet, and a
/// spare that waits to be next. Used under the store's gate; the syncs themselves run outside it, one at a time
/// (<see cref="Commits.CommitQueue"/>).
///
/// 1. A segment's name is durable before the first record goes into it.
/// 2. Segments become durable in order: the current one is synced only after all older ones. An older one counts as durable when a sync that
///    began after its last record has ended.
/// 3. A segment is not closed, deleted or recycled while a sync of it is under way.
/// 4. Numbers rise in the order in which segments are written.
/// A spare is a retired segment where there is one: writing over space that the file has already makes a sync about twice as
/// fast.
/// </summary>
internal sealed class LogSegments : IDisposable
{
    private readonly StoreContext _context;
    private readonly TableCatalog _catalog;
    private readonly List<SegmentWriter> _older = [];
    private readonly List<FileNumber> _recovered;
    private readonly Queue<FileNumber> _retired = new();
    private SegmentWriter? _spare;
    private bool _preparing;
    private volatile bool _spareFailed;
    private int _durableOlder;

    /// <param name="context">The store.</param>
    /// <param name="catalog">Gives the numbers.</param>
    /// <param name="recovered">Sealed, durable segments that recovery has read and that are not in tables yet.</param>
    internal LogSegments(StoreContext context, TableCatalog catalog, List<FileNumber> recovered)
    {
        _context = context;
        _catalog = catalog;
        _recovered = recovered;
        Current = NewSegment();
        Current.EarlierAreDurable();
    }

    internal SegmentWriter Current { get; private set; }

    /// <summary>Are there full segments that no sync has covered yet?</summary>
    internal bool OlderNeedSync => _durableOlder < _older.Count;

    /// <summary>The next segment is there, or making it ahead has failed and whoever needs it must find out why. When false, one is
    /// being made.</summary>
    internal bool CanRotateAtOnce
    {
        get
        {
            if (_spare is null && !_spareFailed)
                PrepareSpare();
            return _spare is not null || _spareFailed;
        }
    }

    internal long SegmentBytes => _context.Options.MemtableBytes + (_context.Options.MemtableBytes / 8);

    /// <summary>Ends the current segment and goes on in the next.</summary>
    /// <exception cref="DiskFullException">Nothing changed.</exception>
    internal void Rotate()
    {
        SegmentWriter next = _spare ?? NewSegment();
        _spare = null;
        try
        {
            Current.AppendEnd();
        }
        catch
        {
            _spare = next;
            throw;
        }

        _older.Add(Current);
        Current = next;
    }

    /// <summary>What a sync has to cover, in order; with it <see cref="Synced"/> is called afterwards.</summary>
    internal SegmentWriter[] ToSync(bool olderOnly)
    {
        IEnumerable<SegmentWriter> older = _older.Skip(_durableOlder);
        return olderOnly ? [.. older] : [.. older, Current];
    }

    internal void Synced(SegmentWriter[] segments)
    {
        foreach (SegmentWriter segment in segments)
        {
            // It was the current one when its sync began: what was appended before it was full is not covered.
            if (_older.IndexOf(segment) == _durableOlder && segment.IsDurable)
                _durableOlder++;
        }

        if (_durableOlder == _older.Count)
            Current.EarlierAreDurable();
    }

    /// <summary>Entries of segments below this number are in tables: lets go of those that no sync is busy with.</summary>
    internal void Retire(FileNumber firstNeeded, bool syncing)
    {
        foreach (FileNumber number in _recovered.FindAll(number => number.Value < firstNeeded.Value))
            _retired.Enqueue(number);
        _recovered.RemoveAll(number => number.Value < firstNeeded.Value);
        while (!syncing && _older.Count > 0 && _older[0].Number.Value < firstNeeded.Value)
        {
            _older[0].Dispose();
            _retired.Enqueue(_older[0].Number);
            _older.RemoveAt(0);
            _durableOlder = Math.Max(0, _durableOlder - 1);
        }

        PrepareSpare();
    }

    /// <summary>Has the next segment made, and what is not needed deleted, in the background.</summary>
    internal void PrepareSpare()
    {
        if (_preparing || _context.Closing)
            return;
        _preparing = true;
        _context.Scheduler.Enqueue(JobLane.Flush, Prepare);
    }

    public void Dispose()
    {
        foreach (SegmentWriter segment in _older)
            segment.Dispose();
        Current.Dispose();
        _spare?.Dispose();
    }

    private void Prepare()
    {
        try
        {
            bool needed;
            lock (_context.Gate)
                needed = _spare is null && !_context.Closing;
            if (needed)
            {
                SegmentWriter spare = _context.Options.Durability == Durability.Group && TakeRetired(out FileNumber old)
                    ? Recycle(old)
                    : NewSegment();
                Keep(spare);
                _spareFailed = false;
            }

            while (TakeRetired(out FileNumber number))
                _context.Files.Delete(_context.PathOf(FileNames.CommitLog(number)));
        }
        catch (StorageIOException)
        {
            // No spare and old files left over: the writer that needs a segment makes it, and reports what fails then.
            _spareFailed = true;
        }
        finally
        {
            lock (_context.Gate)
                _preparing = false;
        }
    }

    /// <summary>Segments are read back in the order of their numbers: a spare that was overtaken by one made in haste is of no
    /// use.</summary>
    private void Keep(SegmentWriter spare)
    {
        lock (_context.Gate)
        {
            if (spare.Number.Value > Current.Number.Value)
            {
                _spare = spare;
                return;
            }

            _retired.Enqueue(spare.Number);
        }

        spare.Dispose();
    }

    private bool TakeRetired(out FileNumber number)
    {
        lock (_context.Gate)
            return _retired.TryDequeue(out number);
    }

    private SegmentWriter NewSegment()
    {
        FileNumber number = _catalog.NewNumber();
        string path = _context.PathOf(FileNames.CommitLog(number));
        IWritableFile file = _context.Files.Create(path);
        try
        {
            TryAllocate(file);
            var segment = new SegmentWriter(file, number);
            _context.Files.SyncDirectory(_context.Directory);
            return segment;
        }
        catch
        {
            file.Dispose();
            Forget(path);
            throw;
        }
    }

    /// <summary>Without space ahead the segment grows as it can, and each write says for itself that the disk is full.</summary>
    private void TryAllocate(IWritableFile file)
    {
        try
        {
            file.Allocate(SegmentBytes);
        }
        catch (DiskFullException)
        {
            file.SetLength(0);
        }
    }

    private SegmentWriter Recycle(FileNumber old)
    {
        FileNumber number = _catalog.NewNumber();
        string path = _context.PathOf(FileNames.CommitLog(number));
        _context.Files.Rename(_context.PathOf(FileNames.CommitLog(old)), path);
        IWritableFile file = _context.Files.OpenWrite(path);
        try
        {
            var segment = new SegmentWriter(file, number);
            _context.Files.SyncDirectory(_context.Directory);
            return segment;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Forget(string path)
    {
        try
        {
            _context.Files.Delete(path);
        }
        catch (StorageIOException)
        {
            // An empty segment; the next start deletes it.
        }
    }
}
