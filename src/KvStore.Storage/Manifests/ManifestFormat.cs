using System.Buffers.Binary;
using KvStore.Storage.Format;

namespace KvStore.Storage.Manifests;

/// <summary>The bytes of a manifest around its edits (docs/formats/manifest.md).</summary>
internal static class ManifestFormat
{
    internal const int HeaderSize = 32;
    internal const uint Version = 1;

    /// <summary>checksum 4, length 4.</summary>
    internal const int RecordHeaderSize = 8;

    internal static ReadOnlySpan<byte> Magic => "KVMANIF\n"u8;

    internal static byte[] Header(FileNumber number)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), number.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), Crc32C.Mask(Crc32C.Of(header.AsSpan(0, 28))));
        return header;
    }

    /// <summary>A record's checksum starts from its manifest and its offset.</summary>
    internal static uint Seed(FileNumber number, long offset) => Crc32C.Append(Crc32C.Append(0, number.Value), (ulong)offset);

    internal static byte[] Record(FileNumber number, long offset, ReadOnlySpan<byte> payload)
    {
        var record = new byte[RecordHeaderSize + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), payload.Length);
        payload.CopyTo(record.AsSpan(RecordHeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Mask(Crc32C.Append(Seed(number, offset), record.AsSpan(4))));
        return record;
    }
}
