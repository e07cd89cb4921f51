using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KvStore.Storage.Tables;

/// <summary>
/// The Bloom filter of an SSTable, split into cache lines (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom
/// Filters", 2007): a key's eight bits lie in one 64-byte line, one in each of its eight words, so that a look-up costs one cache
/// miss and a handful of vector instructions. At 10 bits a key about 1.1 % of absent keys pass.
/// The layout is part of the SSTable format: never change it.
/// </summary>
internal static unsafe class BloomFilter
{
    /// <summary>Bytes of a line; a filter is a whole number of lines.</summary>
    public const int LineSize = 64;

    private const int WordsPerLine = 8;
    private const int BitsPerLine = LineSize * 8;

    /// <summary>Lines of a filter for so many keys; at least one.</summary>
    public static uint LineCount(int keyCount, int bitsPerKey) =>
        (uint)Math.Clamp(((long)keyCount * bitsPerKey + BitsPerLine - 1) / BitsPerLine, 1, int.MaxValue / LineSize);

    public static void Add(byte* lines, uint lineCount, ulong hash)
    {
        ulong* line = (ulong*)LineOf(lines, lineCount, hash);
        for (int word = 0; word < WordsPerLine; word++)
            line[word] |= 1UL << BitOf((uint)hash, word);
    }

    /// <summary>False only when no key with this hash was added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayContain(byte* lines, uint lineCount, ulong hash)
    {
        byte* line = LineOf(lines, lineCount, hash);
        if (!Avx2.IsSupported)
            return MayContainPortable((ulong*)line, (uint)hash);

        Vector256<uint> bits = (Vector256.Create((uint)hash) * Multipliers) >>> 26;
        (Vector256<ulong> lower, Vector256<ulong> upper) = Vector256.Widen(bits);
        Vector256<ulong> lowerMask = Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, lower);
        Vector256<ulong> upperMask = Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, upper);
        return Avx.TestC(Vector256.Load((ulong*)line), lowerMask) && Avx.TestC(Vector256.Load((ulong*)line + 4), upperMask);
    }

    internal static bool MayContainPortable(byte* lines, uint lineCount, ulong hash) =>
        MayContainPortable((ulong*)LineOf(lines, lineCount, hash), (uint)hash);

    private static bool MayContainPortable(ulong* line, uint hash)
    {
        for (int word = 0; word < WordsPerLine; word++)
            if ((line[word] >> BitOf(hash, word) & 1) == 0)
                return false;
        return true;
    }

    // The upper half of the hash chooses the line, the lower half the bits: they must not depend on each other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* LineOf(byte* lines, uint lineCount, ulong hash) =>
        lines + ((hash >> 32) * lineCount >> 32) * LineSize;

    private static int BitOf(uint hash, int word) => (int)(hash * Multipliers[word] >> 26);

    private static Vector256<uint> Multipliers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du, 0x27D4EB2Fu, 0x165667B1u, 0xD3A2646Du, 0xFD7046C5u, 0xB55A4F09u);
    }
}
