using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace KvStore.Storage.Format;

/// <summary>
/// The key under which an entry is kept in memtables and tables: the user's key followed by a trailer of eight bytes,
/// little-endian, <c>sequence number &lt;&lt; 8 | kind</c>.
///
/// Order (every sorted thing in the engine uses <see cref="Compare"/>):
/// 1. user keys ascend, compared as unsigned bytes, a prefix before its extensions;
/// 2. of one user key the newest comes first: trailers descend.
/// So a seek to (key, n, <see cref="ValueKind.Lookup"/>) lands on the newest entry of key that a read at n may see.
/// </summary>
public static class InternalKey
{
    /// <summary>Bytes after the user key.</summary>
    public const int TrailerSize = 8;

    public static ulong Pack(SequenceNumber sequence, ValueKind kind) => (sequence.Value << 8) | (byte)kind;

    public static ReadOnlySpan<byte> UserKey(ReadOnlySpan<byte> internalKey) => internalKey[..^TrailerSize];

    public static ulong Trailer(ReadOnlySpan<byte> internalKey) =>
        BinaryPrimitives.ReadUInt64LittleEndian(internalKey[^TrailerSize..]);

    public static SequenceNumber Sequence(ReadOnlySpan<byte> internalKey) => new(Trailer(internalKey) >> 8);

    public static ValueKind Kind(ReadOnlySpan<byte> internalKey) => (ValueKind)internalKey[^TrailerSize];

    /// <summary>Writes the internal key to <paramref name="destination"/>, which must hold 8 bytes more than the user
    /// key.</summary>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> userKey, SequenceNumber sequence, ValueKind kind)
    {
        userKey.CopyTo(destination);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[userKey.Length..], Pack(sequence, kind));
        return userKey.Length + TrailerSize;
    }

    public static byte[] ToArray(ReadOnlySpan<byte> userKey, SequenceNumber sequence, ValueKind kind)
    {
        var key = new byte[userKey.Length + TrailerSize];
        Write(key, userKey, sequence, kind);
        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int order = UserKey(left).SequenceCompareTo(UserKey(right));
        return order != 0 ? order : Trailer(right).CompareTo(Trailer(left));
    }
}
