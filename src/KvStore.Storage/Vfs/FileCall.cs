namespace KvStore.Storage.Vfs;

/// <summary>The calls of a file system.</summary>
public enum FileOperation
{
    Create,
    OpenWrite,
    OpenRead,
    Exists,
    CreateDirectory,
    List,
    Delete,
    Rename,
    Link,
    SyncDirectory,
    Lock,
    FreeBytes,
    Write,
    Sync,
    SetLength,
    Allocate,
    Read,
    Length,
}

/// <summary>One call, numbered from 1 in the order in which they were made.</summary>
public readonly record struct FileCall(long Number, FileOperation Operation, string Path)
{
    /// <summary>Does the call change anything on disk, or make it durable?</summary>
    public bool Changes =>
        Operation is not (FileOperation.Exists or FileOperation.OpenRead or FileOperation.OpenWrite or FileOperation.List
        or FileOperation.FreeBytes or FileOperation.Read or FileOperation.Length or FileOperation.Lock);
}

/// <summary>What goes wrong in a call.</summary>
public enum Fault
{
    None,

    /// <summary>Fails with EIO and does nothing.</summary>
    IOError,

    /// <summary>Fails with ENOSPC and does nothing.</summary>
    NoSpace,

    /// <summary>A write does half of its bytes and then fails with ENOSPC.</summary>
    ShortWrite,

    /// <summary>A read gives one wrong bit.</summary>
    BitFlip,
}
