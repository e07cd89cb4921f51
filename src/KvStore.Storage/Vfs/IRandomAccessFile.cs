namespace KvStore.Storage.Vfs;

/// <summary>A file open for reading at any offset, by any number of threads.</summary>
public interface IRandomAccessFile : IDisposable
{
    string Path { get; }

    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>.</summary>
    /// <returns>The bytes read: fewer than asked only at the end of the file.</returns>
    int Read(long offset, Span<byte> destination);

    /// <summary>Says that the file will be read from front to back (read ahead), or not.</summary>
    void AdviseSequential(bool sequential);
}
