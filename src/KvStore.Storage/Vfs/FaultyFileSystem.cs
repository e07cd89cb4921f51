namespace KvStore.Storage.Vfs;

/// <summary>
/// Another file system with things going wrong in it. A plan is asked before every call; an observer is told after every call
/// that did not fail. Thread-safe if these are.
/// </summary>
public sealed class FaultyFileSystem(IFileSystem inner) : IFileSystem
{
    private const int IOError = 5;
    private const int NoSpace = 28;
    private long _calls;

    /// <summary>What goes wrong in a call. To make a call slow, sleep here.</summary>
    public Func<FileCall, Fault>? Plan { get; set; }

    /// <summary>Told after a call has been done.</summary>
    public Action<FileCall>? Done { get; set; }

    /// <summary>Calls so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public IWritableFile Create(string path) =>
        new WritableFile(this, Call(FileOperation.Create, path, () => inner.Create(path)));

    public IWritableFile OpenWrite(string path) =>
        new WritableFile(this, Call(FileOperation.OpenWrite, path, () => inner.OpenWrite(path)));

    public IRandomAccessFile OpenRead(string path) =>
        new ReadableFile(this, Call(FileOperation.OpenRead, path, () => inner.OpenRead(path)));

    public bool Exists(string path) => inner.Exists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public void CreateDirectory(string path) => Call(FileOperation.CreateDirectory, path, () => inner.CreateDirectory(path));

    public IReadOnlyList<string> List(string directory) => Call(FileOperation.List, directory, () => inner.List(directory));

    public void Delete(string path) => Call(FileOperation.Delete, path, () => inner.Delete(path));

    public void Rename(string from, string to) => Call(FileOperation.Rename, to, () => inner.Rename(from, to));

    public void Link(string existing, string to) => Call(FileOperation.Link, to, () => inner.Link(existing, to));

    public void SyncDirectory(string directory) =>
        Call(FileOperation.SyncDirectory, directory, () => inner.SyncDirectory(directory));

    public IDisposable Lock(string path) => Call(FileOperation.Lock, path, () => inner.Lock(path));

    public long FreeBytes(string directory) => Call(FileOperation.FreeBytes, directory, () => inner.FreeBytes(directory));

    private static StorageIOException Error(FileOperation operation, string path, int errno)
    {
        string name = operation switch
        {
            FileOperation.Write => "pwrite",
            FileOperation.Read => "pread",
            FileOperation.Sync => "fdatasync",
            FileOperation.SetLength => "ftruncate",
            FileOperation.Allocate => "posix_fallocate",
            FileOperation.Length => "lseek",
            _ => operation.ToString(),
        };
        return errno == NoSpace
            ? new DiskFullException(name, path, errno, "No space left on device")
            : new StorageIOException(name, path, errno, "Input/output error");
    }

    private Fault Begin(FileOperation operation, string path, out FileCall call)
    {
        call = new FileCall(Interlocked.Increment(ref _calls), operation, path);
        Fault fault = Plan?.Invoke(call) ?? Fault.None;
        return fault switch
        {
            Fault.IOError => throw Error(operation, path, IOError),
            Fault.NoSpace => throw Error(operation, path, NoSpace),
            _ => fault,
        };
    }

    private T Call<T>(FileOperation operation, string path, Func<T> call)
    {
        Begin(operation, path, out FileCall made);
        T result = call();
        Done?.Invoke(made);
        return result;
    }

    private void Call(FileOperation operation, string path, Action call) => Call(operation, path, () =>
    {
        call();
        return 0;
    });

    private sealed class WritableFile(FaultyFileSystem owner, IWritableFile file) : IWritableFile
    {
        public string Path => file.Path;

        public long Position => file.Position;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            long start = file.Position;
            if (owner.Begin(FileOperation.Write, Path, out FileCall call) == Fault.ShortWrite)
                FailHalfway(start, bytes);
            file.Append(bytes);
            owner.Done?.Invoke(call);
        }

        public void WriteAt(long offset, ReadOnlySpan<byte> bytes)
        {
            if (owner.Begin(FileOperation.Write, Path, out FileCall call) == Fault.ShortWrite)
                FailHalfway(offset, bytes);
            file.WriteAt(offset, bytes);
            owner.Done?.Invoke(call);
        }

        public void Sync() => owner.Call(FileOperation.Sync, Path, file.Sync);

        public void SetLength(long length) => owner.Call(FileOperation.SetLength, Path, () => file.SetLength(length));

        public void Allocate(long length) => owner.Call(FileOperation.Allocate, Path, () => file.Allocate(length));

        public void Dispose() => file.Dispose();

        private void FailHalfway(long offset, ReadOnlySpan<byte> bytes)
        {
            file.WriteAt(offset, bytes[..(bytes.Length / 2)]);
            throw Error(FileOperation.Write, Path, NoSpace);
        }
    }

    private sealed class ReadableFile(FaultyFileSystem owner, IRandomAccessFile file) : IRandomAccessFile
    {
        public string Path => file.Path;

        public long Length => owner.Call(FileOperation.Length, Path, () => file.Length);

        public int Read(long offset, Span<byte> destination)
        {
            Fault fault = owner.Begin(FileOperation.Read, Path, out FileCall call);
            int read = file.Read(offset, destination);
            if (fault == Fault.BitFlip && read > 0)
                destination[read / 2] ^= 0x10;
            owner.Done?.Invoke(call);
            return read;
        }

        public void AdviseSequential(bool sequential) => file.AdviseSequential(sequential);

        public void Dispose() => file.Dispose();
    }
}
