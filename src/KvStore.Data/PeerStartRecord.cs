using System.Buffers.Binary;

namespace KvStore.Data;

/// <summary>The last start that was seen of another node.</summary>
/// <param name="Start">Its start number.</param>
/// <param name="Process">The random bits that its process drew when it started.</param>
public readonly record struct PeerStartRecord(uint Start, ulong Process)
{
    private const int Size = sizeof(uint) + sizeof(ulong);

    /// <summary>Both big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Start);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(sizeof(uint)), Process);
        return bytes;
    }

    /// <summary>False when the bytes are no such record.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PeerStartRecord record)
    {
        var whole = bytes.Length == Size;
        record = whole
            ? new PeerStartRecord(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(uint)..]))
            : default;
        return whole;
    }
}
