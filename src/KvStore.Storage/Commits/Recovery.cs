using KvStore.Storage.CommitLog;
using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Commits;

/// <summary>
/// Opens a directory: finds out what was durable, makes it whole, and says so.
///
/// 1. Nothing is changed before everything has been read and found good.
/// 2. What is recovered is a prefix of the writes, in their order, with every write that was acknowledged as durable.
/// 3. When recovery has returned, all it found is durable, and dying at any point within it changes nothing of that.
/// </summary>
internal sealed class Recovery(StoreContext context) : IDisposable
{
    private const int ManySegments = 16;
    private readonly List<MemTable> _memtables = [];
    private readonly List<FileNumber> _keptLogs = [];
    private readonly SortedLoad _load = new();

    /// <summary>What the next batch of the log begins with; null: the first one is yet to come. It may be in a table already,
    /// because the memtables of a recovery are not cut where segments are.</summary>
    private SequenceNumber? _next;

    /// <summary>The recovered catalog; its manifest is in force.</summary>
    internal TableCatalog Catalog { get; private set; } = null!;

    /// <summary>Memtables made of the log, oldest first.</summary>
    internal List<MemTable> Memtables => _memtables;

    /// <summary>Segments whose entries are in <see cref="Memtables"/> only.</summary>
    internal List<FileNumber> KeptLogs => _keptLogs;

    internal SequenceNumber LastSequence { get; private set; }

    /// <summary>Was the store opened and closed so often, and so shortly, that its log has become many small segments?</summary>
    internal bool HasManySegments => _keptLogs.Count >= ManySegments;

    /// <summary>Which memtables must become tables, and which one may be filled further.</summary>
    internal (List<MemTable> Full, MemTable Active) Divide(FileNumber newLog)
    {
        if (_memtables.Count > 0 && !HasManySegments && _memtables[^1].UsedBytes < context.Options.MemtableBytes / 2)
            return (_memtables[..^1], _memtables[^1]);
        return ([.. _memtables], new MemTable(context.Arenas, newLog, context.Options.MemtableBytes));
    }

    internal void Run()
    {
        IReadOnlyList<string> names = context.Files.List(context.Directory);
        FileNumber? current = ManifestReader.ReadCurrent(context.Files, context.Directory);
        ManifestState state;
        if (current is { } number)
            state = ManifestReader.Read(context.Files, context.Directory, number);
        else
            state = NewStore(names);
        CheckTables(state);
        LastSequence = state.LastSequence;
        List<LogScan> logs = ReadLogs(names, state);
        Catalog = new TableCatalog(context, state);
        SealLogs(logs, rewrite: names.Contains(FileNames.Unsynced));
        foreach (string name in names)
        {
            if (FileNames.TryParse(name, out _, out FileNumber used))
                Catalog.Skip(used);
        }

        Catalog.BeginManifest();
        DeleteOrphans(names, state);
        if (names.Contains(FileNames.Unsynced))
            context.Files.Delete(context.PathOf(FileNames.Unsynced));
    }

    public void Dispose() => _load.Dispose();

    private ManifestState NewStore(IReadOnlyList<string> names)
    {
        string? stray = names.FirstOrDefault(name => FileNames.TryParse(name, out StoreFileKind kind, out _)
            && kind is StoreFileKind.CommitLog or StoreFileKind.Table);
        if (stray is not null)
            throw new CorruptionException(
                context.PathOf(FileNames.Current), 0, $"it is missing, but the directory holds {stray}");
        if (!context.Options.CreateIfMissing)
            throw new StoreMissingException(context.Directory);
        return new ManifestState(TableSet.Empty, new FileNumber(1), SequenceNumber.Zero, new FileNumber(0));
    }

    private void CheckTables(ManifestState state)
    {
        foreach (TableInfo table in state.Tables.All)
        {
            string path = context.PathOf(FileNames.Table(table.Number));
            if (!context.Files.Exists(path))
                throw new CorruptionException(path, 0, "the manifest lists it, but it does not exist");
            using IRandomAccessFile file = context.Files.OpenRead(path);
            if (file.Length != table.FileSize)
                throw new CorruptionException(
                    path, Math.Min(file.Length, table.FileSize), $"it has {file.Length} bytes instead of {table.FileSize}");
        }
    }

    private List<LogScan> ReadLogs(IReadOnlyList<string> names, ManifestState state)
    {
        var numbers = new List<FileNumber>();
        foreach (string name in names)
        {
            if (FileNames.TryParse(name, out StoreFileKind kind, out FileNumber number)
                && kind == StoreFileKind.CommitLog && number.Value >= state.FirstLog.Value)
            {
                numbers.Add(number);
            }
        }

        var scans = new List<LogScan>();
        LogScan? gap = null;
        foreach (FileNumber number in numbers.OrderBy(number => number.Value))
        {
            LogScan scan = ReadLog(number, gap is not null);
            scans.Add(scan);
            gap ??= scan.Dropped ? scan : null;
            if (gap is not null && scan.EarlierAreDurable)
            {
                throw new CorruptionException(context.PathOf(FileNames.CommitLog(gap.Number)), CommitLogFormat.HeaderSize,
                    $"writes are missing between {LastSequence} and its first, and segment {number} says that they were durable");
            }
        }

        return scans;
    }

    /// <summary>Reads a segment into memtables. Where its writes do not follow on what came before, writes in between were lost
    /// before they were durable: then it is dropped, with all that come after it.</summary>
    private LogScan ReadLog(FileNumber number, bool drop)
    {
        string path = context.PathOf(FileNames.CommitLog(number));
        using SegmentBytes bytes = SegmentBytes.Open(context.Files, path);
        var reader = new SegmentReader(bytes, number, path);
        bool any = false;
        for (long at = reader.Offset;
            reader.TryRead(out SequenceNumber first, out int count, out ReadOnlySpan<byte> operations);
            at = reader.Offset)
        {
            bool follows = _next is { } next ? first == next : first <= LastSequence + 1;
            if (!follows && any)
                throw new CorruptionException(path, at, $"its writes go on with {first}, and {LastSequence + 1} is due");
            drop |= !follows;
            if (drop)
                continue;
            _next = first + (ulong)count;
            if (_next <= LastSequence + 1)
                continue;
            Apply(first, count, operations, number, path, at);
            any = true;
        }

        Load();
        return new LogScan(number, reader.Offset, reader.End, any, reader.EarlierAreDurable) { Dropped = drop };
    }

    private void Apply(SequenceNumber first, int count, ReadOnlySpan<byte> operations, FileNumber log, string path, long at)
    {
        if (_memtables.Count == 0 || _memtables[^1].UsedBytes + _load.Bytes >= context.Options.MemtableBytes)
        {
            Load();
            _memtables.Add(new MemTable(context.Arenas, log, context.Options.MemtableBytes));
        }

        for (int i = 0; i < count; i++)
        {
            if (!Operations.TryRead(ref operations, out ValueKind kind, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
                throw new CorruptionException(path, at, "a batch is not what its count says, though its checksum is right");
            if (kind == ValueKind.RangeDelete)
                _memtables[^1].Add(first + (ulong)i, kind, key, value);
            else
                _load.Add(first + (ulong)i, kind, key, value);
            if (_load.IsFull)
                Load();
        }

        LastSequence = first + (ulong)(count - 1);
    }

    /// <summary>Brings what was read into the newest memtable: before a newer one begins, and while the bytes are still
    /// there.</summary>
    private void Load()
    {
        if (_load.Count > 0)
            _memtables[^1].Take(_load);
    }

    /// <summary>Cuts the unfinished end off, marks it as finished, and makes it durable; deletes what cannot follow it. Last
    /// segments go first, so that dying in between leaves a case that the next recovery judges in the same way.</summary>
    /// <param name="logs">What was read.</param>
    /// <param name="rewrite">A sync has failed: what is read may be in the kernel's cache only, and a further sync would not know of it.</param>
    private void SealLogs(List<LogScan> logs, bool rewrite)
    {
        bool deleted = false;
        foreach (LogScan log in Enumerable.Reverse(logs).Where(log => log.Dropped || !log.HasBatches))
        {
            context.Files.Delete(context.PathOf(FileNames.CommitLog(log.Number)));
            deleted = true;
        }

        if (deleted)
            context.Files.SyncDirectory(context.Directory);
        foreach (LogScan log in logs.Where(log => !log.Dropped && log.HasBatches))
        {
            _keptLogs.Add(log.Number);
            string path = context.PathOf(FileNames.CommitLog(log.Number));
            using IWritableFile file = context.Files.OpenWrite(path);
            if (rewrite)
                Rewrite(path, file, log.End);
            using var segment = new SegmentWriter(file, log.Number, log.End);
            if (log.Ending != SegmentEnd.Finished)
            {
                segment.Trim();
                segment.AppendEnd();
            }

            segment.Sync();
        }
    }

    private void Rewrite(string path, IWritableFile file, long end)
    {
        using IRandomAccessFile read = context.Files.OpenRead(path);
        var buffer = new byte[1 << 20];
        for (long offset = 0; offset < end;)
        {
            int length = read.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)));
            if (length == 0)
                throw new CorruptionException(path, offset, "it has become shorter while it was read");
            file.WriteAt(offset, buffer.AsSpan(0, length));
            offset += length;
        }
    }

    private void DeleteOrphans(IReadOnlyList<string> names, ManifestState state)
    {
        HashSet<FileNumber> live = [.. state.Tables.All.Select(table => table.Number)];
        foreach (string name in names)
        {
            if (!FileNames.TryParse(name, out StoreFileKind kind, out FileNumber number))
                continue;
            bool orphan = kind switch
            {
                StoreFileKind.Table => !live.Contains(number),
                StoreFileKind.Manifest => number != Catalog.ManifestNumber,
                StoreFileKind.CommitLog => number.Value < state.FirstLog.Value,
                StoreFileKind.Temporary => true,
                _ => false,
            };
            if (orphan && context.Files.Exists(context.PathOf(name)))
                context.Files.Delete(context.PathOf(name));
        }
    }

    private sealed record LogScan(FileNumber Number, long End, SegmentEnd Ending, bool HasBatches, bool EarlierAreDurable)
    {
        internal bool Dropped { get; set; }
    }
}
