using KvStore.Core.Causality;

namespace KvStore.Data;

/// <summary>What is kept of one hint beside the state that it points to.</summary>
/// <param name="Since">When it was first kept, in milliseconds since 1970 (UTC).</param>
/// <param name="Bytes">The size of the state.</param>
/// <param name="Counts">Whether a quorum counted the copy.</param>
public readonly record struct HintRecord(long Since, int Bytes, bool Counts)
{
    private const byte Format = 1;

    /// <summary>Format, whether it counts (a byte), since and size as varints.</summary>
    public byte[] ToBytes()
    {
        Span<byte> bytes = stackalloc byte[2 + 2 * ClockCodec.MaxVarint];
        (bytes[0], bytes[1]) = (Format, Counts ? (byte)1 : (byte)0);
        var length = 2 + ClockCodec.WriteVarint(bytes[2..], (ulong)Since);
        length += ClockCodec.WriteVarint(bytes[length..], (ulong)Bytes);
        return bytes[..length].ToArray();
    }

    /// <summary>False when the bytes are of another format or cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HintRecord record)
    {
        record = default;
        if (bytes.Length < 2 || bytes[0] != Format || bytes[1] > 1)
            return false;
        var counts = bytes[1] == 1;
        bytes = bytes[2..];
        if (!ClockCodec.TryReadVarint(ref bytes, out var since) || !ClockCodec.TryReadVarint(ref bytes, out var size)
            || !bytes.IsEmpty || since > long.MaxValue || size > int.MaxValue)
            return false;
        record = new HintRecord((long)since, (int)size, counts);
        return true;
    }
}
