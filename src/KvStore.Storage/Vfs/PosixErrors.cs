using System.Runtime.InteropServices;

namespace KvStore.Storage.Vfs;

/// <summary>Turns an error number of the C library into the engine's exception.</summary>
internal static class PosixErrors
{
    internal static StorageIOException LastError(string operation, string path) =>
        ToException(operation, path, Marshal.GetLastPInvokeError());

    internal static StorageIOException ToException(string operation, string path, int errno)
    {
        string detail = Marshal.GetPInvokeErrorMessage(errno);
        return errno is PosixCalls.NoSpace or PosixCalls.QuotaExceeded
            ? new DiskFullException(operation, path, errno, detail)
            : new StorageIOException(operation, path, errno, detail);
    }
}
