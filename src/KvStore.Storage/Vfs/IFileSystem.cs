namespace KvStore.Storage.Vfs;

/// <summary>
/// All that the engine asks of a file system. Paths are whole ('/' between parts). Any call may throw
/// <see cref="StorageIOException"/> (<see cref="DiskFullException"/> when space ran out); it then has had no effect, or, for an
/// append, has written a part. Safe for concurrent use.
///
/// What is durable: a file's bytes after its <see cref="IWritableFile.Sync"/>; a name (created, renamed, linked, deleted) after
/// <see cref="SyncDirectory"/> of its directory. Nothing else is.
/// </summary>
public interface IFileSystem
{
    /// <summary>Creates a file that must not exist yet and opens it for writing.</summary>
    IWritableFile Create(string path);

    /// <summary>Opens an existing file for writing at any offset, with its bytes as they are.</summary>
    IWritableFile OpenWrite(string path);

    IRandomAccessFile OpenRead(string path);

    bool Exists(string path);

    bool DirectoryExists(string path);

    /// <summary>Makes the directory and its parents; nothing happens where they exist.</summary>
    void CreateDirectory(string path);

    /// <summary>The names (not paths) in a directory, in no order.</summary>
    IReadOnlyList<string> List(string directory);

    void Delete(string path);

    /// <summary>Renames, replacing the target in one step when it exists.</summary>
    void Rename(string from, string to);

    /// <summary>A second name for the same file. Throws when <paramref name="to"/> exists.</summary>
    void Link(string existing, string to);

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string directory);

    /// <summary>Takes the lock file for this process until disposed.</summary>
    /// <exception cref="StoreLockedException">Somebody else holds it.</exception>
    IDisposable Lock(string path);

    /// <summary>Bytes that may still be written to the file system that holds <paramref name="directory"/>.</summary>
    long FreeBytes(string directory);
}
