using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>Where a block lies in its table. <paramref name="Size"/> leaves out the five bytes after it.</summary>
internal readonly record struct BlockLocation(long Offset, int Size)
{
    /// <summary>The most bytes of the encoded form.</summary>
    public const int MaxEncodedSize = 15;

    public static readonly BlockLocation None = new(0, 0);

    public bool IsNone => Size == 0;

    /// <summary>The first byte after the block and what follows it.</summary>
    public long End => Offset + Size + TableFormat.BlockTrailerSize;

    /// <returns>The bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        int size = Varint.Write(destination, (ulong)Offset);
        return size + Varint.Write(destination[size..], (ulong)Size);
    }

    /// <summary>Reads a location; false when it is malformed or reaches beyond <paramref name="end"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, long end, out BlockLocation location)
    {
        location = None;
        int first = Varint.Read(source, out ulong offset);
        if (first == 0 || offset > (ulong)end)
            return false;
        int second = Varint.Read(source[first..], out int size);
        location = new BlockLocation((long)offset, size);
        return second > 0 && first + second == source.Length && location.FitsBefore(end);
    }

    public bool FitsBefore(long end) => Offset >= 0 && Size is >= 0 and <= TableFormat.MaxBlockSize && End <= end && End > Offset;
}
