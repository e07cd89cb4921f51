using System.Runtime.InteropServices;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.CommitLog;

/// <summary>
/// The bytes of a segment in native memory, read in pieces and only as far as somebody looks: a segment that was finished in order
/// may have most of its allocated space unused. One thread.
/// </summary>
internal sealed unsafe class SegmentBytes : IDisposable
{
    // Small enough to be still in the processor's cache when the records in it are checked.
    private const int Piece = 1 << 20;
    private readonly IRandomAccessFile _file;
    private byte* _start;
    private int _read;

    private SegmentBytes(IRandomAccessFile file)
    {
        _file = file;
        Length = checked((int)file.Length);
        _start = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, Length));
    }

    internal int Length { get; }

    /// <summary>All of it; only what <see cref="ReadTo"/> was called for has content.</summary>
    internal ReadOnlySpan<byte> Span => new(_start, Length);

    internal static SegmentBytes Open(IFileSystem files, string path)
    {
        IRandomAccessFile file = files.OpenRead(path);
        try
        {
            file.AdviseSequential(true);
            return new SegmentBytes(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads what comes before <paramref name="end"/>, and some more.</summary>
    internal void ReadTo(int end)
    {
        while (_read < end)
        {
            int size = Math.Min(Piece, Length - _read);
            int got = _file.Read(_read, new Span<byte>(_start + _read, size));
            if (got != size)
                throw new CorruptionException(_file.Path, _read + got, $"the file ends here, and it had {Length} bytes");
            _read += got;
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_start);
        _start = null;
        _file.Dispose();
    }
}
