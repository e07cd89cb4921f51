using System.Runtime.CompilerServices;

namespace KvStore.Storage.Tables;

/// <summary>
/// The 64-bit hash of a user key that Bloom filters are made of. It is part of the SSTable format: never change it.
/// Each 16 bytes are folded in by one 64x64-bit multiplication whose halves are combined by exclusive-or; all bits of the result
/// are usable. Words are read as little endian. It is not a defence against keys chosen to collide: those cost reads, not
/// answers.
/// </summary>
internal static unsafe class KeyHash
{
    private const ulong Seed0 = 0x9E3779B97F4A7C15; // 2^64 / golden ratio
    private const ulong Seed1 = 0xD6E8FEB86659FD93;
    private const ulong Seed2 = 0xA0761D6478BD642F;

    public static ulong Of(ReadOnlySpan<byte> key)
    {
        fixed (byte* start = key)
            return Of(start, key.Length);
    }

    /// <summary>Hashes <paramref name="length"/> bytes at <paramref name="key"/>, which may be null when the length is
    /// 0.</summary>
    public static ulong Of(byte* key, int length)
    {
        ulong state = Seed0 ^ ((ulong)(uint)length * Seed2);
        byte* last = key + length;
        while (last - key > 16)
        {
            state = Fold(Word(key) ^ Seed1, Word(key + 8) ^ state);
            key += 16;
        }

        int rest = (int)(last - key);
        ulong low, high;
        if (rest >= 8)
            (low, high) = (Word(key), Word(last - 8));
        else if (rest >= 4)
            (low, high) = (HalfWord(key), HalfWord(last - 4));
        else if (rest > 0)
            (low, high) = (key[0] | ((ulong)key[rest >> 1] << 8) | ((ulong)last[-1] << 16), 0);
        else
            (low, high) = (0, 0);

        return Fold(Fold(low ^ Seed1, high ^ state) ^ Seed2, state ^ Seed1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(byte* at)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(at);
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HalfWord(byte* at)
    {
        uint word = Unsafe.ReadUnaligned<uint>(at);
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }
}
