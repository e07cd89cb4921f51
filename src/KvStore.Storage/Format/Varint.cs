using System.Runtime.CompilerServices;

namespace KvStore.Storage.Format;

/// <summary>
/// Unsigned numbers of variable length: seven bits a byte, lowest first, the top bit set on all but the last.
/// </summary>
public static class Varint
{
    /// <summary>The most bytes that a 64-bit number takes.</summary>
    public const int MaxSize = 10;

    /// <summary>Writes <paramref name="value"/>; the destination must have <see cref="Size"/> bytes.</summary>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, ulong value)
    {
        int size = 0;
        for (; value >= 0x80; value >>= 7)
            destination[size++] = (byte)(value | 0x80);
        destination[size++] = (byte)value;
        return size;
    }

    public static int Size(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Reads a number.</summary>
    /// <returns>The bytes it took; 0 when the source ends within it or it does not fit 64 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (int size = 0, shift = 0; size < source.Length && shift < 64; size++, shift += 7)
        {
            ulong digit = source[size];
            value |= (digit & 0x7F) << shift;
            if (digit < 0x80)
                return shift == 63 && digit > 1 ? 0 : size + 1;
        }
        return 0;
    }

    /// <summary>Reads a number that must fit an int, as lengths in memory do.</summary>
    /// <returns>The bytes it took; 0 when it is cut off or too large.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> source, out int value)
    {
        int size = Read(source, out ulong wide);
        value = (int)wide;
        return wide > int.MaxValue ? 0 : size;
    }
}
