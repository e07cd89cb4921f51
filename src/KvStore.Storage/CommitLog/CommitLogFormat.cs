using System.Buffers.Binary;
using KvStore.Storage.Format;

namespace KvStore.Storage.CommitLog;

/// <summary>
/// The bytes of a commit log segment (docs/formats/commit-log.md). A record's checksum is bound to its segment and its offset,
/// so that neither a record left from the segment's former life (segments are recycled) nor one copied elsewhere is ever taken
/// for its own.
/// </summary>
internal static class CommitLogFormat
{
    internal const int HeaderSize = 32;
    internal const uint Version = 1;

    /// <summary>checksum 4, marker 4, length 4, durable 4.</summary>
    internal const int RecordHeaderSize = 16;

    /// <summary>first sequence number 8, count of operations 4.</summary>
    internal const int BatchHeaderSize = 12;

    /// <summary>A record of no bytes says that the segment was finished in order.</summary>
    internal const uint EndLength = 0;

    internal static ReadOnlySpan<byte> Magic => "KVCLOG\r\n"u8;

    /// <summary>Begins every record, so that a search for records after damage need not try every byte.</summary>
    internal static uint Marker(FileNumber segment) => 0x4C6F_674Bu ^ (uint)(segment.Value * 0x9E37_79B1);

    internal static void WriteHeader(Span<byte> destination, FileNumber segment)
    {
        destination[..HeaderSize].Clear();
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], segment.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Crc32C.Mask(Crc32C.Of(destination[..28])));
    }

    /// <summary>Fills the header of a record whose payload already follows it in <paramref name="record"/>.</summary>
    /// <param name="durable">0: nothing known; else all earlier segments are durable, and this one's bytes below this
    /// offset.</param>
    internal static void Seal(Span<byte> record, FileNumber segment, long offset, uint durable)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Marker(segment));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)(record.Length - RecordHeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], durable);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Mask(Checksum(record[4..], segment, offset)));
    }

    /// <param name="sealedBytes">The record from its marker on.</param>
    internal static uint Checksum(ReadOnlySpan<byte> sealedBytes, FileNumber segment, long offset) =>
        Crc32C.Append(Seed(segment, offset), sealedBytes);

    internal static uint Seed(FileNumber segment, long offset) =>
        Crc32C.Append(Crc32C.Append(0, segment.Value), (ulong)offset);
}
