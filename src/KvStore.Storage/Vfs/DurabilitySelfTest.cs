using System.Runtime.InteropServices;

namespace KvStore.Storage.Vfs;

/// <summary>
/// Run once a process, before the first store opens: proves that a sync that fails is seen to fail, and that a directory can be
/// synced. A runtime or C library on which this does not hold would lose acknowledged writes without a word.
/// </summary>
public static class DurabilitySelfTest
{
    /// <exception cref="StorageException">Sync errors are hidden here, or directories cannot be synced.</exception>
    public static void Run(string directory)
    {
        const int neverOpen = -1;
        if (PosixCalls.SyncData(neverOpen) != -1 || Marshal.GetLastPInvokeError() != PosixCalls.BadDescriptor
            || PosixCalls.SyncAll(neverOpen) != -1 || Marshal.GetLastPInvokeError() != PosixCalls.BadDescriptor)
        {
            throw new StorageException(
                "The self-test of durability failed: a sync of a bad descriptor was reported as done, " +
                "so a failing disk would go unseen. No store was opened; run on another system or C library.");
        }

        RealFileSystem.Instance.SyncDirectory(directory);
    }
}
