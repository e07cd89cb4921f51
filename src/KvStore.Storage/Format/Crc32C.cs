using System.Numerics;
using System.Runtime.CompilerServices;

namespace KvStore.Storage.Format;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of every record and block on disk. Long inputs run as three independent streams, because
/// one CRC instruction takes three cycles but a new one may start in each; the streams are then joined by shifting a CRC over a
/// fixed number of zero bytes, which is linear and so a table look-up (Gopal et al., "Fast CRC Computation for iSCSI Polynomial
/// Using CRC32 Instruction", Intel 2011).
/// </summary>
public static unsafe class Crc32C
{
    private const int LongStride = 1024;
    private const int ShortStride = 128;

    // The CRC of data that itself contains CRCs is weak; what is stored is turned and shifted by a constant.
    private const uint MaskDelta = 0xA282EAD8;

    private static readonly uint[] LongShift = ShiftTable(LongStride);
    private static readonly uint[] ShortShift = ShiftTable(ShortStride);

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The CRC of what <paramref name="crc"/> covers followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            byte* at = start;
            int left = bytes.Length;
            uint state = ~crc;
            while (left >= 3 * LongStride)
            {
                state = ThreeStreams(state, at, LongStride, LongShift);
                at += 3 * LongStride;
                left -= 3 * LongStride;
            }
            while (left >= 3 * ShortStride)
            {
                state = ThreeStreams(state, at, ShortStride, ShortShift);
                at += 3 * ShortStride;
                left -= 3 * ShortStride;
            }
            for (; left >= 8; left -= 8, at += 8)
                state = BitOperations.Crc32C(state, Unsafe.ReadUnaligned<ulong>(at));
            for (; left > 0; left--, at++)
                state = BitOperations.Crc32C(state, *at);
            return ~state;
        }
    }

    /// <summary>Continues with eight bytes, little-endian.</summary>
    public static uint Append(uint crc, ulong word) => ~BitOperations.Crc32C(~crc, word);

    /// <summary>The form in which a CRC is stored beside the data it covers.</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + MaskDelta;

    public static uint Unmask(uint masked) => BitOperations.RotateLeft(masked - MaskDelta, 15);

    private static uint ThreeStreams(uint state, byte* at, int stride, uint[] shift)
    {
        uint first = state, second = 0, third = 0;
        for (byte* end = at + stride; at < end; at += 8)
        {
            first = BitOperations.Crc32C(first, Unsafe.ReadUnaligned<ulong>(at));
            second = BitOperations.Crc32C(second, Unsafe.ReadUnaligned<ulong>(at + stride));
            third = BitOperations.Crc32C(third, Unsafe.ReadUnaligned<ulong>(at + 2 * stride));
        }
        return Shift(shift, Shift(shift, first) ^ second) ^ third;
    }

    private static uint Shift(uint[] table, uint state) =>
        table[(byte)state] ^ table[256 + (byte)(state >> 8)] ^ table[512 + (byte)(state >> 16)] ^ table[768 + (state >> 24)];

    // What each byte of a CRC state becomes after `stride` zero bytes: four tables of 256, one for each byte of the state.
    private static uint[] ShiftTable(int stride)
    {
        var bits = new uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            uint state = 1u << bit;
            for (int done = 0; done < stride; done += 8)
                state = BitOperations.Crc32C(state, 0UL);
            bits[bit] = state;
        }

        var table = new uint[4 * 256];
        for (int index = 0; index < table.Length; index++)
        {
            int firstBit = index / 256 * 8;
            for (int bit = 0; bit < 8; bit++)
                if ((index >> bit & 1) != 0)
                    table[index] ^= bits[firstBit + bit];
        }
        return table;
    }
}
