namespace KvStore.Storage;

/// <summary>
/// The environment or the data failed the engine; every exception that the engine throws on purpose, bad arguments apart
/// (<see cref="ArgumentException"/>), is one of these. Expected outcomes (absent, busy, disk full on a write) are results, not
/// exceptions.
/// </summary>
public class StorageException : Exception
{
    public StorageException(string message)
        : base(message)
    {
    }

    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Bytes on disk are not what was written there. Nothing of them was used; nothing was changed.</summary>
public sealed class CorruptionException(string file, long offset, string detail)
    : StorageException(
        $"{file} is damaged at offset {offset}: {detail}. Nothing was changed; restore the file or let a replica refill the store.")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;

    public string Detail { get; } = detail;
}

/// <summary>A file is not ours, or was written by a newer release.</summary>
public sealed class UnsupportedFormatException(string file, string detail)
    : StorageException($"{file} cannot be read: {detail}. Nothing was changed.")
{
    public string File { get; } = file;
}

/// <summary>The operating system refused a call on a file.</summary>
public class StorageIOException(string operation, string path, int errno, string detail)
    : StorageException($"{operation} of {path} failed: {detail} (errno {errno}).")
{
    public string Operation { get; } = operation;

    public string Path { get; } = path;

    /// <summary>The C library's error number.</summary>
    public int Errno { get; } = errno;
}

/// <summary>A call on a file failed because no space is left.</summary>
public sealed class DiskFullException(string operation, string path, int errno, string detail)
    : StorageIOException(operation, path, errno, detail);

/// <summary>Another process, or another store in this one, has the directory open.</summary>
public sealed class StoreLockedException(string path)
    : StorageException($"{path} is locked by another process. Nothing was changed; stop that process or use another directory.");

/// <summary>
/// The store has stopped itself: what it would write could no longer be trusted. Reads of what it held may go on; every write is
/// refused until it is closed and opened again, which recovers what was durable.
/// </summary>
public sealed class StoreFailedException(string detail, Exception cause)
    : StorageException($"The store has stopped: {detail}. This write was not acknowledged; close and open the store to recover.",
        cause)
{
    public string Detail { get; } = detail;
}

/// <summary>A key is empty or longer than the store allows. Nothing was changed.</summary>
public sealed class InvalidKeyException(string message) : ArgumentException(message);

/// <summary>A value or a batch is larger than the store allows. Nothing was changed.</summary>
public sealed class TooLargeException(string message) : ArgumentException(message);

/// <summary>There is no store in the directory, and none was to be made.</summary>
public sealed class StoreMissingException(string directory)
    : StorageException($"{directory} holds no store. Nothing was changed; give the right directory, or allow a new one.");

/// <summary>The path of a store is a file, or cannot be a directory.</summary>
public sealed class NotADirectoryException(string path)
    : StorageException($"{path} is not a directory. Nothing was changed; give a directory.");
