using KvStore.Storage;
using KvStore.Storage.Vfs;

namespace KvStore.Data;

/// <summary>
/// Somebody's files, to be read and never changed: what an engine writes while it recovers goes to memory, above them, and is gone with
/// this object. Thread-safe as far as a store on a <see cref="Storage.Scheduling.ManualScheduler"/> needs: one thread.
/// </summary>
internal sealed class UntouchedFileSystem(IFileSystem below) : IFileSystem
{
    private readonly MemoryFileSystem _above = new();
    private readonly HashSet<string> _hidden = [];

    public IWritableFile Create(string path)
    {
        _above.CreateDirectory(DirectoryOf(path));
        if (IsBelow(path))
            throw new StorageIOException("open", path, 17, "File exists");
        return _above.Create(path);
    }

    public IWritableFile OpenWrite(string path)
    {
        Raise(path);
        return _above.OpenWrite(path);
    }

    public IRandomAccessFile OpenRead(string path) => IsBelow(path) ? below.OpenRead(path) : _above.OpenRead(path);

    public bool Exists(string path) => _above.Exists(path) || IsBelow(path);

    public bool DirectoryExists(string path) => below.DirectoryExists(path);

    public void CreateDirectory(string path) => _above.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory)
    {
        _above.CreateDirectory(directory);
        return [.. below.List(directory).Where(name => IsBelow($"{directory}/{name}")).Concat(_above.List(directory)).Distinct()];
    }

    public void Delete(string path)
    {
        if (_above.Exists(path))
            _above.Delete(path);
        _hidden.Add(path);
    }

    public void Rename(string from, string to)
    {
        Raise(from);
        _above.Rename(from, to);
        _hidden.Add(from);
    }

    public void Link(string existing, string to)
    {
        Raise(existing);
        _above.Link(existing, to);
    }

    public void SyncDirectory(string directory)
    {
        // What lies above is not to last.
    }

    /// <summary>Whoever has the store open keeps others out; to look must not make a lock file where there is none.</summary>
    public IDisposable Lock(string path) => below.Exists(path) ? below.Lock(path) : new NoLock();

    public long FreeBytes(string directory) => long.MaxValue;

    private static string DirectoryOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    /// <summary>Whether the file to be seen under a name is the one below.</summary>
    private bool IsBelow(string path) => !_above.Exists(path) && !_hidden.Contains(path) && below.Exists(path);

    private void Raise(string path)
    {
        if (!IsBelow(path))
            return;
        using var file = below.OpenRead(path);
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        _above.CreateDirectory(DirectoryOf(path));
        _above.Put(path, bytes.AsSpan(0, read));
    }

    private sealed class NoLock : IDisposable
    {
        public void Dispose()
        {
            // Nothing was taken.
        }
    }
}
