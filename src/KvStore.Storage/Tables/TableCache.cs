using System.Runtime.CompilerServices;
using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tables;

/// <summary>
/// The open tables of a store, at most <see cref="EngineOptions.MaxOpenTables"/> beyond those in use. Owned by the engine; any
/// thread.
///
/// 1. A lease on an open table takes one atomic addition and no lock.
/// 2. A table is closed when the cache has let go of it and the last lease is returned.
/// 3. A table that fails to open is not remembered: the next lease tries again.
/// </summary>
public sealed class TableCache(IFileSystem fileSystem, string directory, EngineOptions options, BlockCache? blocks) : IDisposable
{
    private const int WorthSweeping = 16;
    private readonly Lock _lock = new();
    private readonly Dictionary<FileNumber, OpenTable> _open = [];
    private readonly Queue<OpenTable> _clock = new(); // by opening; a table used since its last turn goes round again
    private bool _disposed;

    /// <summary>Tables open for the cache's own sake.</summary>
    public int OpenTables
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>Tables that are remembered, closed ones too.</summary>
    internal int Remembered
    {
        get
        {
            lock (_lock)
                return _clock.Count;
        }
    }

    /// <summary>Bytes of filters and index roots that open tables keep in memory.</summary>
    public long MemorySize
    {
        get
        {
            lock (_lock)
                return _open.Values.Sum(table => table.Reader.MemorySize);
        }
    }

    /// <summary>Opens the table unless it is open, and keeps it so until the lease is disposed.</summary>
    /// <exception cref="StorageException">The file is missing, damaged or not ours.</exception>
    public TableLease Acquire(TableInfo table)
    {
        var open = Unsafe.As<OpenTable?>(Volatile.Read(ref table.CacheSlot));
        if (open is not null && open.TryAcquire())
            return new TableLease(open);
        return new TableLease(AcquireSlow(table));
    }

    /// <summary>Like <see cref="Acquire"/>, for a table that is open already; false: it is not.</summary>
    public bool TryAcquireOpen(TableInfo table, out TableLease lease)
    {
        var open = Unsafe.As<OpenTable?>(Volatile.Read(ref table.CacheSlot));
        if ((open is not null && open.TryAcquire()) || (open = TryAcquireOpen(table)) is not null)
        {
            lease = new TableLease(open);
            return true;
        }

        lease = default;
        return false;
    }

    /// <summary>Closes a table whose file is about to be deleted. Nobody will ask for a lease on it again.</summary>
    public void Evict(FileNumber number)
    {
        OpenTable? open;
        lock (_lock)
        {
            _open.Remove(number, out open);
            if (_clock.Count > (2 * _open.Count) + WorthSweeping)
                Sweep();
        }

        open?.Abandon();
    }

    /// <summary>Closes all tables; those on lease when their leases end.</summary>
    public void Dispose()
    {
        List<OpenTable> tables;
        lock (_lock)
        {
            _disposed = true;
            tables = [.. _open.Values];
            _open.Clear();
            _clock.Clear();
        }
        foreach (OpenTable table in tables)
            table.Abandon();
    }

    private OpenTable AcquireSlow(TableInfo info)
    {
        if (TryAcquireOpen(info) is { } known)
            return known;

        // Opening reads from the disk: not under the lock. Of two threads that both open it the slower throws its own away.
        string path = $"{directory}/{FileNames.Table(info.Number)}";
        var opened = new OpenTable(TableReader.Open(fileSystem, path, info.Number, blocks), info);
        lock (_lock)
        {
            if (_disposed)
            {
                opened.Reader.Dispose();
                throw new ObjectDisposedException(nameof(TableCache));
            }
            if (_open.TryGetValue(info.Number, out OpenTable? faster) && faster.TryAcquire())
            {
                opened.Reader.Dispose();
                return faster;
            }
            opened.TryAcquire();
            _open[info.Number] = opened;
            _clock.Enqueue(opened);
            Volatile.Write(ref info.CacheSlot, opened);
        }
        CloseTooMany();
        return opened;
    }

    private OpenTable? TryAcquireOpen(TableInfo info)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_open.TryGetValue(info.Number, out OpenTable? open) || !open.TryAcquire())
                return null;
            Volatile.Write(ref info.CacheSlot, open);
            return open;
        }
    }

    /// <summary>Forgets those that were evicted: with few tables open nobody else goes round.</summary>
    private void Sweep()
    {
        for (int left = _clock.Count; left > 0; left--)
        {
            OpenTable table = _clock.Dequeue();
            if (_open.TryGetValue(table.Reader.Info.Number, out OpenTable? current) && current == table)
                _clock.Enqueue(table);
        }
    }

    private void CloseTooMany()
    {
        List<OpenTable> abandoned = [];
        lock (_lock)
        {
            for (int turns = 2 * _clock.Count; _open.Count > options.MaxOpenTables && turns > 0; turns--)
            {
                OpenTable table = _clock.Dequeue();
                if (!_open.TryGetValue(table.Reader.Info.Number, out OpenTable? current) || current != table)
                    continue; // evicted before
                if (table.Used)
                {
                    table.Used = false;
                    _clock.Enqueue(table);
                    continue;
                }
                _open.Remove(table.Reader.Info.Number);
                abandoned.Add(table);
            }
        }
        foreach (OpenTable table in abandoned)
            table.Abandon();
    }
}
