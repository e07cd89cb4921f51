using System.Numerics;
using KvStore.Storage.Format;

namespace KvStore.Storage.CommitLog;

/// <summary>
/// Tells a flipped bit from a torn write. A record at the very end of a log that fails its checksum is usually one that the
/// machine did not finish; but if changing one single bit would make it right, it was whole once, and the disk has damaged it
/// since. A torn record looks so by chance only once in 2^32 / bits: records above <see cref="MaxBytes"/> are therefore not
/// judged.
/// </summary>
internal static class SingleBitDamage
{
    internal const int MaxBytes = 64 * 1024;

    /// <summary>Would one changed bit, in the bytes or in the stored checksum, make them agree?</summary>
    /// <param name="seed">What the checksum starts from.</param>
    /// <param name="stored">The checksum as it is stored: masked.</param>
    internal static bool Explains(ReadOnlySpan<byte> bytes, uint seed, uint stored)
    {
        if (bytes.Length > MaxBytes)
            return false;
        uint actual = Crc32C.Append(seed, bytes);
        if (BitOperations.IsPow2(Crc32C.Mask(actual) ^ stored))
            return true;

        // A checksum is linear: one changed bit changes it by a pattern that depends only on how many bits follow it. Walk the
        // patterns from the last bit to the first; each next one is the former shifted through the polynomial.
        const uint polynomial = 0x82F6_3B78;
        uint difference = actual ^ Crc32C.Unmask(stored);
        uint pattern = 1;
        for (long bit = 8L * bytes.Length; bit > 0; bit--)
        {
            pattern = (pattern & 1) != 0 ? (pattern >> 1) ^ polynomial : pattern >> 1;
            if (pattern == difference)
                return true;
        }

        return false;
    }
}
