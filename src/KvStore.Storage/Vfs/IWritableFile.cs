namespace KvStore.Storage.Vfs;

/// <summary>
/// A file being written, by one thread at a time. No buffer of its own: what <see cref="Append"/> took survives the death
/// of the process, and after <see cref="Sync"/> the death of the machine. Disposing closes and does not sync.
/// </summary>
public interface IWritableFile : IDisposable
{
    string Path { get; }

    /// <summary>Where the next <see cref="Append"/> goes.</summary>
    long Position { get; }

    /// <summary>Writes all bytes at <see cref="Position"/> and moves it. A failure may leave a part of them in the file; the
    /// position then stays where it was.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Writes all bytes at an offset; <see cref="Position"/> stays.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes all bytes written so far durable (fdatasync). After a failure nothing is known of any of them: never try
    /// again.</summary>
    void Sync();

    /// <summary>Cuts or extends (with zeros) the file to a length.</summary>
    void SetLength(long length);

    /// <summary>Claims space for the bytes up to a length, growing the file with zeros; a later write below it cannot run out of
    /// space.</summary>
    void Allocate(long length);
}
