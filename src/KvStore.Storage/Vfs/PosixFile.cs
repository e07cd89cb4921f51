using System.Runtime.InteropServices;

namespace KvStore.Storage.Vfs;

/// <summary>
/// One descriptor, for writing or reading. Closing while another thread is inside a call is the caller's error: the engine
/// closes a file only when nothing holds it any more. A file that was dropped without closing is closed by the finalizer.
/// </summary>
internal sealed class PosixFile : IWritableFile, IRandomAccessFile
{
    /// <summary>-1 until it is open: the finalizer runs for one that could not be opened too, and 0 is somebody's descriptor.</summary>
    private readonly int _descriptor = -1;
    private int _closed;

    internal PosixFile(string path, int flags)
    {
        Path = path;
        _descriptor = OpenDescriptor(path, flags | PosixCalls.CloseOnExec);
    }

    ~PosixFile() => CloseOnce();

    public string Path { get; }

    public long Position { get; private set; }

    public long Length
    {
        get
        {
            long end = PosixCalls.Seek(_descriptor, 0, from: 2);
            return end >= 0 ? end : throw Failed("lseek");
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        WriteAt(Position, bytes);
        Position += bytes.Length;
    }

    public unsafe void WriteAt(long offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint written = PosixCalls.Write(_descriptor, start + done, bytes.Length - done, offset + done);
                if (written > 0)
                    done += (int)written;
                else if (written == 0 || Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                    throw Failed("pwrite");
            }
        }
    }

    public unsafe int Read(long offset, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            int done = 0;
            while (done < destination.Length)
            {
                nint read = PosixCalls.Read(_descriptor, start + done, destination.Length - done, offset + done);
                if (read == 0)
                    break;
                if (read > 0)
                    done += (int)read;
                else if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                    throw Failed("pread");
            }

            return done;
        }
    }

    public void Sync()
    {
        while (PosixCalls.SyncData(_descriptor) != 0)
        {
            if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                throw Failed("fdatasync");
        }
    }

    public void SetLength(long length)
    {
        if (PosixCalls.Truncate(_descriptor, length) != 0)
            throw Failed("ftruncate");
    }

    public void Allocate(long length)
    {
        int error;
        do
            error = PosixCalls.Allocate(_descriptor, 0, length);
        while (error == PosixCalls.Interrupted);
        if (error != 0)
            throw PosixErrors.ToException("posix_fallocate", Path, error);
    }

    public void AdviseSequential(bool sequential) => _ = PosixCalls.Advise(
        _descriptor, 0, 0, sequential ? PosixCalls.AdviseSequential : PosixCalls.AdviseNormal);

    public void Dispose()
    {
        CloseOnce();
        GC.SuppressFinalize(this);
    }

    internal static int OpenDescriptor(string path, int flags)
    {
        const uint ownerOnly = 0b110_000_000;
        while (true)
        {
            int descriptor = PosixCalls.Open(path, flags, ownerOnly);
            if (descriptor >= 0)
                return descriptor;
            if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                throw PosixErrors.LastError("open", path);
        }
    }

    private StorageIOException Failed(string operation) => PosixErrors.LastError(operation, Path);

    private void CloseOnce()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0 && _descriptor >= 0)
            _ = PosixCalls.Close(_descriptor);
    }
}
