using System.IO.Compression;
using System.Runtime.CompilerServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>How a block's contents become the bytes on disk, and back: compression, and the checksum that is bound to the
/// place.</summary>
internal static class BlockCodec
{
    private const int BrotliQuality = 1;
    private const int BrotliWindow = 16;
    private const int LengthSize = sizeof(uint);

    /// <summary>
    /// The stored checksum of a block: over its bytes and the compression byte, then the table's number and the block's offset. A
    /// block that was written to or read from the wrong place does not match.
    /// </summary>
    public static uint Checksum(ReadOnlySpan<byte> storedAndCompression, FileNumber number, long offset)
    {
        uint crc = Crc32C.Of(storedAndCompression);
        return Crc32C.Mask(Crc32C.Append(Crc32C.Append(crc, number.Value), (ulong)offset));
    }

    /// <summary>
    /// Compresses contents into <paramref name="stored"/> (their length in four bytes, then the stream). False, and nothing
    /// is stored, where that saves less than an eighth: such a block is kept as it is.
    /// </summary>
    public static bool TryCompress(ReadOnlySpan<byte> contents, ref byte[] stored, out int size)
    {
        int worthwhile = contents.Length - contents.Length / 8;
        if (stored.Length < worthwhile)
            stored = new byte[worthwhile];
        size = 0;
        if (worthwhile <= LengthSize)
            return false;
        Span<byte> stream = stored.AsSpan(LengthSize, worthwhile - LengthSize);
        if (!BrotliEncoder.TryCompress(contents, stream, out int written, BrotliQuality, BrotliWindow))
            return false;
        Unsafe.WriteUnaligned(ref stored[0], contents.Length);
        size = written + LengthSize;
        return true;
    }

    /// <summary>The length of the contents of a compressed block; false when it cannot be one.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> stored, out int length)
    {
        length = stored.Length < LengthSize ? -1 : Unsafe.ReadUnaligned<int>(in stored[0]);
        return length is > 0 and <= TableFormat.MaxBlockSize;
    }

    /// <summary>Fills <paramref name="contents"/>; false when the stream is malformed or has another length.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> stored, Span<byte> contents) =>
        BrotliDecoder.TryDecompress(stored[LengthSize..], contents, out int written) && written == contents.Length;
}
