namespace KvStore.Storage.Vfs;

/// <summary>
/// Files in memory that know what would survive a crash: for tests and simulation. As harsh as the rules of POSIX allow: a
/// file's bytes survive only its sync, a name only its directory's sync. Thread-safe.
/// </summary>
public sealed class MemoryFileSystem : IFileSystem
{
    private const int NoEntry = 2;
    private const int Exists17 = 17;
    private const int NoSpace = 28;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryFile> _names = [];
    private readonly HashSet<string> _directories = ["", "/"];
    private readonly HashSet<string> _locks = [];
    private readonly Dictionary<string, Dictionary<string, MemoryFile>> _durableNames = [];
    private readonly Dictionary<string, List<NameChange>> _pending = [];

    /// <summary>Bytes that all files together may have.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    public IWritableFile Create(string path)
    {
        lock (_lock)
        {
            if (_names.ContainsKey(path))
                throw Error("open", path, Exists17, "File exists");
            RequireDirectory(DirectoryOf(path));
            var file = new MemoryFile();
            Change(path, file);
            return new Handle(this, path, file);
        }
    }

    public IWritableFile OpenWrite(string path) => Open(path);

    public IRandomAccessFile OpenRead(string path) => Open(path);

    public bool Exists(string path)
    {
        lock (_lock)
            return _names.ContainsKey(path);
    }

    public bool DirectoryExists(string path)
    {
        lock (_lock)
            return _directories.Contains(path);
    }

    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            for (string at = path; at.Length > 0; at = DirectoryOf(at))
                _directories.Add(at);
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_lock)
        {
            RequireDirectory(directory);
            return [.. _names.Keys.Where(path => DirectoryOf(path) == directory).Select(path => path[(directory.Length + 1)..])];
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            _ = Find("unlink", path);
            Change(path, null);
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            MemoryFile file = Find("rename", from);
            RequireDirectory(DirectoryOf(to));
            _names.Remove(from);
            _names[to] = file;
            Pending(DirectoryOf(to)).Add(new NameChange(to, file, from));
        }
    }

    public void Link(string existing, string to)
    {
        lock (_lock)
        {
            MemoryFile file = Find("link", existing);
            if (_names.ContainsKey(to))
                throw Error("link", to, Exists17, "File exists");
            RequireDirectory(DirectoryOf(to));
            Change(to, file);
        }
    }

    public void SyncDirectory(string directory)
    {
        lock (_lock)
        {
            RequireDirectory(directory);
            foreach (NameChange change in Pending(directory))
                Apply(change, _durableNames);
            _pending.Remove(directory);
        }
    }

    public IDisposable Lock(string path)
    {
        lock (_lock)
        {
            if (!_locks.Add(path))
                throw new StoreLockedException(path);
            if (!_names.ContainsKey(path))
                Change(path, new MemoryFile());
            return new HeldLock(this, path);
        }
    }

    public long FreeBytes(string directory)
    {
        lock (_lock)
            return CapacityBytes - Used();
    }

    /// <summary>A new file system as a power cut at this moment may leave it. This one goes on as if nothing had
    /// happened.</summary>
    public MemoryFileSystem AfterCrash(CrashPlan plan)
    {
        lock (_lock)
        {
            var after = new MemoryFileSystem { CapacityBytes = CapacityBytes };
            after._directories.UnionWith(_directories);
            var names = new Dictionary<string, Dictionary<string, MemoryFile>>();
            foreach ((string directory, Dictionary<string, MemoryFile> durable) in _durableNames)
                names[directory] = new Dictionary<string, MemoryFile>(durable);
            foreach (NameChange change in _pending.OrderBy(pending => pending.Key, StringComparer.Ordinal)
                .SelectMany(pending => pending.Value))
            {
                if (plan.Survives())
                    Apply(change, names);
            }

            var crashed = new Dictionary<MemoryFile, MemoryFile>();
            foreach ((string path, MemoryFile file) in names.Values.SelectMany(directory => directory)
                .OrderBy(name => name.Key, StringComparer.Ordinal))
            {
                if (!crashed.TryGetValue(file, out MemoryFile? left))
                    crashed[file] = left = file.AfterCrash(plan);
                after.Change(path, left);
            }

            foreach (string directory in _directories)
                after.SyncDirectory(directory);
            return after;
        }
    }

    /// <summary>A new file system with the same files, all of them durable.</summary>
    public MemoryFileSystem Clone()
    {
        lock (_lock)
        {
            var clone = new MemoryFileSystem { CapacityBytes = CapacityBytes };
            clone._directories.UnionWith(_directories);
            foreach ((string path, MemoryFile file) in _names)
                clone.Change(path, MemoryFile.Holding(file.Live));
            foreach (string directory in _directories)
                clone.SyncDirectory(directory);
            return clone;
        }
    }

    /// <summary>Damages a file: changes one bit.</summary>
    public void FlipBit(string path, long bit)
    {
        lock (_lock)
            Find("flip", path).FlipBit(bit);
    }

    /// <summary>Replaces or makes a file whole.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            Change(path, MemoryFile.Holding(bytes));
            SyncDirectory(DirectoryOf(path));
        }
    }

    public long LengthOf(string path)
    {
        lock (_lock)
            return Find("stat", path).Length;
    }

    private static string DirectoryOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private static StorageIOException Error(string operation, string path, int errno, string detail) =>
        errno == NoSpace
            ? new DiskFullException(operation, path, errno, detail)
            : new StorageIOException(operation, path, errno, detail);

    private static void Apply(NameChange change, Dictionary<string, Dictionary<string, MemoryFile>> names)
    {
        Dictionary<string, MemoryFile> To(string path)
        {
            string directory = DirectoryOf(path);
            if (!names.TryGetValue(directory, out Dictionary<string, MemoryFile>? entries))
                names[directory] = entries = [];
            return entries;
        }

        if (change.File is null)
            To(change.Path).Remove(change.Path);
        else
            To(change.Path)[change.Path] = change.File;
        if (change.From is { } from)
            To(from).Remove(from);
    }

    private Handle Open(string path)
    {
        lock (_lock)
            return new Handle(this, path, Find("open", path));
    }

    private MemoryFile Find(string operation, string path) =>
        _names.TryGetValue(path, out MemoryFile? file)
            ? file : throw Error(operation, path, NoEntry, "No such file or directory");

    private void RequireDirectory(string directory)
    {
        if (!_directories.Contains(directory))
            throw Error("open", directory, NoEntry, "No such file or directory");
    }

    private void Change(string path, MemoryFile? file)
    {
        if (file is null)
            _names.Remove(path);
        else
            _names[path] = file;
        Pending(DirectoryOf(path)).Add(new NameChange(path, file, null));
    }

    private List<NameChange> Pending(string directory)
    {
        if (!_pending.TryGetValue(directory, out List<NameChange>? changes))
            _pending[directory] = changes = [];
        return changes;
    }

    private long Used() => _names.Values.Distinct().Sum(file => (long)file.Length);

    private void RequireSpace(string operation, string path, long more)
    {
        if (more > 0 && CapacityBytes != long.MaxValue && Used() + more > CapacityBytes)
            throw Error(operation, path, NoSpace, "No space left on device");
    }

    private sealed record NameChange(string Path, MemoryFile? File, string? From);

    private sealed class HeldLock(MemoryFileSystem owner, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
                owner._locks.Remove(path);
        }
    }

    private sealed class Handle(MemoryFileSystem owner, string path, MemoryFile file) : IWritableFile, IRandomAccessFile
    {
        public string Path => path;

        public long Position { get; private set; }

        public long Length
        {
            get
            {
                lock (owner._lock)
                    return file.Length;
            }
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            WriteAt(Position, bytes);
            Position += bytes.Length;
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (owner._lock)
            {
                owner.RequireSpace("pwrite", path, offset + bytes.Length - file.Length);
                file.Write((int)offset, bytes);
            }
        }

        public void Sync()
        {
            lock (owner._lock)
                file.Sync();
        }

        public void SetLength(long length)
        {
            lock (owner._lock)
            {
                owner.RequireSpace("ftruncate", path, length - file.Length);
                file.SetLength((int)length);
            }
        }

        public void Allocate(long length)
        {
            lock (owner._lock)
            {
                owner.RequireSpace("posix_fallocate", path, length - file.Length);
                if (length > file.Length)
                    file.SetLength((int)length);
            }
        }

        public int Read(long offset, Span<byte> destination)
        {
            lock (owner._lock)
                return file.Read(offset, destination);
        }

        public void AdviseSequential(bool sequential)
        {
        }

        public void Dispose()
        {
        }
    }
}
