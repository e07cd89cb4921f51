using KvStore.Storage.Format;

namespace KvStore.Storage.Manifests;

/// <summary>
/// Owns the current <see cref="TableSet"/>, the manifest and the file numbers, and deletes table files that nobody can reach any
/// more.
///
/// 1. A set becomes current only after the edit that leads to it is durable.
/// 2. Edits happen one at a time, under a lock of their own; the current set may be read by anybody.
/// 3. A table's file goes when no pinned set has it.
/// </summary>
internal sealed class TableCatalog : IDisposable
{
    private const long ManifestLimit = 4 << 20;
    private readonly StoreContext _context;
    private readonly Lock _editing = new();
    private readonly Dictionary<FileNumber, int> _pins = [];
    private ManifestWriter? _manifest;
    private ulong _nextFile;

    internal TableCatalog(StoreContext context, ManifestState state)
    {
        _context = context;
        _nextFile = state.NextFile.Value;
        Current = state.Tables;
        LastSequence = state.LastSequence;
        FirstLog = state.FirstLog;
        Pin(Current);
    }

    internal TableSet Current { get; private set; }

    /// <summary>The newest entry in any table.</summary>
    internal SequenceNumber LastSequence { get; private set; }

    internal FileNumber FirstLog { get; private set; }

    internal FileNumber ManifestNumber => _manifest!.Number;

    internal FileNumber NewNumber() => new(Interlocked.Increment(ref _nextFile) - 1);

    /// <summary>Numbers up to this one were found in the directory: never give them again.</summary>
    internal void Skip(FileNumber used)
    {
        if (_nextFile <= used.Value)
            _nextFile = used.Value + 1;
    }

    /// <summary>Begins a new manifest that holds the current set.</summary>
    internal void BeginManifest()
    {
        lock (_editing)
            BeginManifestLocked();
    }

    /// <summary>Makes an edit durable, then makes its set current.</summary>
    /// <exception cref="DiskFullException">Nothing changed.</exception>
    /// <exception cref="StoreFailedException">Not known whether it changed: the store has stopped.</exception>
    internal void Install(ManifestEdit edit)
    {
        lock (_editing)
        {
            _context.Health.ThrowIfFailed();
            TableSet next = Current.With(edit);
            edit.NextFile = new FileNumber(Volatile.Read(ref _nextFile));
            try
            {
                _manifest!.Append(edit);
            }
            catch (StorageIOException e) when (e is not DiskFullException || e.Operation == "fdatasync")
            {
                throw _context.Health.Fail("the manifest could not be written", e);
            }

            LastSequence = edit.LastSequence is { } last && last > LastSequence ? last : LastSequence;
            FirstLog = edit.FirstLog ?? FirstLog;
            Pin(next);
            TableSet former = Current;
            Current = next;
            Unpin(former);
            if (_manifest.Bytes > ManifestLimit)
                TryRollManifest();
        }
    }

    internal void Pin(TableSet set)
    {
        lock (_pins)
        {
            foreach (TableInfo table in set.All)
                _pins[table.Number] = _pins.GetValueOrDefault(table.Number) + 1;
        }
    }

    /// <summary>Pins the set that is current at this moment.</summary>
    internal TableSet PinCurrent()
    {
        lock (_pins)
        {
            TableSet set = Current;
            Pin(set);
            return set;
        }
    }

    internal void Unpin(TableSet set)
    {
        List<FileNumber>? gone = null;
        lock (_pins)
        {
            foreach (TableInfo table in set.All)
            {
                int left = _pins[table.Number] - 1;
                _pins[table.Number] = left;
                if (left > 0)
                    continue;
                _pins.Remove(table.Number);
                (gone ??= []).Add(table.Number);
            }
        }

        if (gone is not null)
            _context.Scheduler.Enqueue(Scheduling.JobLane.Flush, () => gone.ForEach(DeleteTable));
    }

    internal ManifestEdit Whole()
    {
        var whole = new ManifestEdit
        {
            NextFile = new FileNumber(Volatile.Read(ref _nextFile)),
            LastSequence = LastSequence,
            FirstLog = FirstLog,
        };
        for (int level = 0; level < TableSet.LevelCount; level++)
        {
            foreach (TableInfo table in Current.Levels[level])
                whole.Added.Add((level, table));
        }

        return whole;
    }

    public void Dispose() => _manifest?.Dispose();

    /// <summary>Runs an action with no edit under way.</summary>
    internal T Quiet<T>(Func<T> action)
    {
        lock (_editing)
            return action();
    }

    private void BeginManifestLocked()
    {
        ManifestWriter? former = _manifest;
        FileNumber number = NewNumber();
        _manifest = ManifestWriter.Begin(_context.Files, _context.Directory, number, Whole());
        if (former is null)
            return;
        former.Dispose();
        _context.Files.Delete(_context.PathOf(FileNames.Manifest(former.Number)));
    }

    private void TryRollManifest()
    {
        try
        {
            BeginManifestLocked();
        }
        catch (DiskFullException e) when (e.Operation != "fdatasync")
        {
            // The old manifest is whole and in force; it only goes on growing until there is space.
        }
        catch (StorageIOException e)
        {
            throw _context.Health.Fail("a new manifest could not be put in force", e);
        }
    }

    private void DeleteTable(FileNumber number)
    {
        _context.TableCache.Evict(number);
        try
        {
            _context.Files.Delete(_context.PathOf(FileNames.Table(number)));
        }
        catch (StorageIOException)
        {
            // An orphan costs space until the next start, which deletes it.
        }
    }
}
