using System.Buffers.Binary;

namespace KvStore.Data;

/// <summary>The last start that was seen of another node.</summary>
/// <param name="DataSet">The random bits that were drawn with its data.</param>
/// <param name="Start">Its start number.</param>
/// <param name="Process">The random bits that its process drew when it started.</param>
public readonly record struct PeerStartRecord(ulong DataSet, uint Start, ulong Process)
{
    private const int Size = sizeof(uint) + 2 * sizeof(ulong);

    /// <summary>All big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Start);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(sizeof(uint)), Process);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(sizeof(uint) + sizeof(ulong)), DataSet);
        return bytes;
    }

    /// <summary>False when the bytes are no such record.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PeerStartRecord record)
    {
        record = default;
        if (bytes.Length != Size)
            return false;
        record = new PeerStartRecord(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[(sizeof(uint) + sizeof(ulong))..]), BinaryPrimitives.ReadUInt32BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(uint)..]));
        return true;
    }
}
