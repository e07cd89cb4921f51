using System.Runtime.InteropServices;

namespace KvStore.Storage.Vfs;

/// <summary>
/// The operating system's files, by our own calls of the C library (see <see cref="PosixCalls"/> for why). Files are readable by
/// their owner only. No state: one instance serves every store.
/// </summary>
public sealed class RealFileSystem : IFileSystem
{
    public static readonly RealFileSystem Instance = new();

    private RealFileSystem()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException(
                "The storage engine needs Linux: its durability rests on fdatasync and directory fsync.");
    }

    public IWritableFile Create(string path) => new PosixFile(path, PosixCalls.ReadWrite | PosixCalls.CreateNew);

    public IWritableFile OpenWrite(string path) => new PosixFile(path, PosixCalls.ReadWrite);

    public IRandomAccessFile OpenRead(string path) => new PosixFile(path, PosixCalls.ReadOnly);

    public bool Exists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        try
        {
            Directory.CreateDirectory(path, ownerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageIOException("mkdir", path, e.HResult & 0xFFFF, e.Message);
        }
    }

    public IReadOnlyList<string> List(string directory) =>
        Wrapped("list", directory,
            () => Directory.GetFileSystemEntries(directory).Select(entry => Path.GetFileName(entry)).ToList());

    public void Delete(string path)
    {
        if (PosixCalls.Unlink(path) != 0)
            throw PosixErrors.LastError("unlink", path);
    }

    public void Rename(string from, string to)
    {
        if (PosixCalls.Rename(from, to) != 0)
            throw PosixErrors.LastError("rename", from);
    }

    public void Link(string existing, string to)
    {
        if (PosixCalls.Link(existing, to) != 0)
            throw PosixErrors.LastError("link", existing);
    }

    public void SyncDirectory(string directory)
    {
        int descriptor = PosixFile.OpenDescriptor(directory, PosixCalls.ReadOnly | PosixCalls.CloseOnExec);
        try
        {
            while (PosixCalls.SyncAll(descriptor) != 0)
            {
                if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                    throw PosixErrors.LastError("fsync", directory);
            }
        }
        finally
        {
            _ = PosixCalls.Close(descriptor);
        }
    }

    public IDisposable Lock(string path)
    {
        int descriptor = PosixFile.OpenDescriptor(
            path, PosixCalls.ReadWrite | PosixCalls.CreateIfAbsent | PosixCalls.CloseOnExec);
        if (PosixCalls.Lock(descriptor, PosixCalls.LockExclusiveNoWait) == 0)
            return new HeldLock(descriptor);

        int errno = Marshal.GetLastPInvokeError();
        _ = PosixCalls.Close(descriptor);
        throw errno == PosixCalls.WouldBlock
            ? new StoreLockedException(path)
            : PosixErrors.ToException("flock", path, errno);
    }

    public long FreeBytes(string directory) => Wrapped("statvfs", directory, () => new DriveInfo(directory).AvailableFreeSpace);

    private static T Wrapped<T>(string operation, string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageIOException(operation, path, e.HResult & 0xFFFF, e.Message);
        }
    }

    private sealed class HeldLock(int descriptor) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) != 0)
                return;

            // Closing alone would leave the lock with a child process that was forked and has not called exec yet.
            _ = PosixCalls.Lock(descriptor, PosixCalls.Unlock);
            _ = PosixCalls.Close(descriptor);
        }
    }
}
