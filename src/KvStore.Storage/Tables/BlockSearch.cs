using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KvStore.Storage.Tables;

/// <summary>How a search within one block ended.</summary>
internal enum BlockMatch
{
    /// <summary>Every entry lies before the key.</summary>
    None,

    /// <summary>The entry is the newest visible one of the user key that was asked for.</summary>
    SameKey,

    /// <summary>The entry is the first after the key, of a later user key.</summary>
    LaterKey,

    /// <summary>An entry's lengths do not fit the block.</summary>
    Damaged,
}

/// <summary>One entry of a block in place: pointers into the block's memory.</summary>
internal unsafe struct BlockEntry
{
    public int Shared;
    public int SuffixLength;
    public int ValueLength;

    /// <summary>The user key's bytes after the shared prefix; the trailer follows them, then the value.</summary>
    public byte* Suffix;

    public readonly ulong Trailer => Unsafe.ReadUnaligned<ulong>(Suffix + SuffixLength);

    public readonly byte* Value => Suffix + SuffixLength + sizeof(ulong);

    public readonly byte* Next => Value + ValueLength;

    /// <summary>Reads the entry at <paramref name="at"/>; false when it reaches beyond <paramref name="limit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(byte* at, byte* limit)
    {
        // At least four bytes are readable here: the restart array or the padding follows the entries.
        uint word = Unsafe.ReadUnaligned<uint>(at);
        if ((word & 0x00808080) == 0)
        {
            Shared = (int)(word & 0x7F);
            SuffixLength = (int)(word >> 8 & 0x7F);
            ValueLength = (int)(word >> 16 & 0x7F);
            Suffix = at + 3;
        }
        else if ((word & 0x80808080) == 0x00800000)
        {
            Shared = (int)(word & 0x7F);
            SuffixLength = (int)(word >> 8 & 0x7F);
            ValueLength = (int)(word >> 16 & 0x7F | (word >> 24) << 7);
            Suffix = at + 4;
        }
        else if (!TryReadLong(at, limit))
        {
            return false;
        }
        return limit - Suffix >= (long)SuffixLength + sizeof(ulong) + ValueLength;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadLong(byte* at, byte* limit)
    {
        Suffix = at;
        return TryReadLength(limit, out Shared)
            && TryReadLength(limit, out SuffixLength)
            && TryReadLength(limit, out ValueLength);
    }

    private bool TryReadLength(byte* limit, out int length)
    {
        int most = (int)Math.Min(limit - Suffix, Format.Varint.MaxSize);
        int size = Format.Varint.Read(new ReadOnlySpan<byte>(Suffix, most), out length);
        Suffix += size;
        return size > 0;
    }
}

/// <summary>
/// Finds one key in a block without copying anything.
///
/// A point is found by its tag: all tags are compared at once, and the few entries whose tag is right are looked at where
/// they are. Any other search goes to a restart point by halves and then forward. What the target has in common with the restart
/// point is found once: an entry that shares more than that with the restart point lies before the target, one that shares less
/// lies behind it, and neither need be compared.
///
/// Keys are given as a pointer to a user key that is followed by at least eight readable bytes (its trailer).
/// </summary>
internal static unsafe class BlockSearch
{
    /// <summary>What an index of points keeps of a key's hash: bits that choose neither line nor bits of the filter
    /// alone.</summary>
    public static byte TagOf(ulong hash) => (byte)(hash >> 32);

    /// <summary>Finds the newest entry of exactly this user key, at or after the trailer.</summary>
    /// <returns><see cref="BlockMatch.SameKey"/>, or another match, which says nothing but that there is none.</returns>
    public static BlockMatch FindPoint(BlockView block, byte* key, int keyLength, ulong trailer, ulong hash, out BlockEntry entry)
    {
        if (block.PointCount == 0)
            return Find(block, key, keyLength, trailer, out entry);

        entry = default;
        byte* limit = block.EntriesEnd;
        Vector256<byte> tag = Vector256.Create(TagOf(hash));
        for (int first = 0; first < block.PointCount; first += Vector256<byte>.Count)
        {
            uint candidates = Vector256.Equals(Vector256.Load(block.Tags + first), tag).ExtractMostSignificantBits();
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int ordinal = first + BitOperations.TrailingZeroCount(candidates);
                if (ordinal >= block.PointCount)
                    return BlockMatch.None;
                byte* at = block.Point(ordinal);
                if (at >= limit || !entry.TryRead(at, limit))
                    return BlockMatch.Damaged;
                if (entry.Shared + entry.SuffixLength == keyLength && entry.Trailer <= trailer
                    && HasKey(block, at, in entry, key))
                    return BlockMatch.SameKey;
            }
        }
        return BlockMatch.None;
    }

    /// <summary>Finds the first entry at or after the internal key (<paramref name="key"/>, <paramref
    /// name="trailer"/>).</summary>
    public static BlockMatch Find(BlockView block, byte* key, int keyLength, ulong trailer, out BlockEntry entry)
    {
        entry = default;
        if (block.RestartCount == 0)
            return BlockMatch.None;
        int restart = block.RestartCount == 1 ? 0 : LastRestartBefore(block, key, keyLength, trailer);
        if (restart < 0)
            return BlockMatch.Damaged;

        byte* limit = block.EntriesEnd;
        byte* first = block.Restart(restart);
        byte* stop = restart + 1 < block.RestartCount ? block.Restart(restart + 1) : limit;
        int matched = 0; // bytes that the target shares with the restart point, which does not lie after it
        for (byte* at = first; at < stop; at = entry.Next)
        {
            if (!entry.TryRead(at, limit))
                return BlockMatch.Damaged;
            if (entry.Shared > matched)
                continue;
            if (entry.Shared < matched)
                return BlockMatch.LaterKey;

            int rest = keyLength - matched;
            int shorter = Math.Min(rest, entry.SuffixLength);
            int common = CommonPrefix(entry.Suffix, key + matched, shorter);
            if (common < shorter)
            {
                if (entry.Suffix[common] > key[matched + common])
                    return BlockMatch.LaterKey;
            }
            else if (entry.SuffixLength > rest)
            {
                return BlockMatch.LaterKey;
            }
            else if (entry.SuffixLength == rest && entry.Trailer <= trailer)
            {
                return BlockMatch.SameKey;
            }
            if (at == first)
                matched = common;
        }

        return stop == limit ? BlockMatch.None : AtRestart(stop, limit, key, keyLength, ref entry);
    }

    /// <summary>Length of the longest common prefix, at most <paramref name="length"/>; reads up to seven bytes more of
    /// both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CommonPrefix(byte* left, byte* right, int length)
    {
        for (int at = 0; at < length; at += sizeof(ulong))
        {
            ulong difference = Unsafe.ReadUnaligned<ulong>(left + at) ^ Unsafe.ReadUnaligned<ulong>(right + at);
            if (difference != 0)
                return Math.Min(length, at + (BitOperations.TrailingZeroCount(difference) >> 3));
        }
        return length;
    }

    /// <summary>Order of two internal keys; each user key is followed by at least eight readable bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(byte* left, int leftLength, ulong leftTrailer, byte* right, int rightLength, ulong rightTrailer)
    {
        int shorter = Math.Min(leftLength, rightLength);
        int common = CommonPrefix(left, right, shorter);
        if (common < shorter)
            return left[common] - right[common];
        return leftLength != rightLength ? leftLength - rightLength : rightTrailer.CompareTo(leftTrailer);
    }

    // The last restart point whose key is before the target; the first one when none is. Negative: damage.
    internal static int LastRestartBefore(BlockView block, byte* key, int keyLength, ulong trailer)
    {
        int low = 0, high = block.RestartCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            BlockEntry entry = default;
            if (!entry.TryRead(block.Restart(middle), block.EntriesEnd) || entry.Shared != 0)
                return -1;
            if (Compare(entry.Suffix, entry.SuffixLength, entry.Trailer, key, keyLength, trailer) < 0)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    // Whether an entry, as long as the key, has that key: its own bytes, and those it shares with its restart point.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasKey(BlockView block, byte* at, in BlockEntry entry, byte* key)
    {
        if (CommonPrefix(entry.Suffix, key + entry.Shared, entry.SuffixLength) < entry.SuffixLength)
            return false;
        if (entry.Shared == 0)
            return true;
        int restart = block.RestartCount - 1;
        while (restart > 0 && block.Restart(restart) > at)
            restart--;
        BlockEntry whole = default;
        return whole.TryRead(block.Restart(restart), block.EntriesEnd) && whole.SuffixLength >= entry.Shared
            && CommonPrefix(whole.Suffix, key, entry.Shared) == entry.Shared;
    }

    // The entry at a restart point that is known to lie at or after the target.
    private static BlockMatch AtRestart(byte* at, byte* limit, byte* key, int keyLength, ref BlockEntry entry)
    {
        if (!entry.TryRead(at, limit))
            return BlockMatch.Damaged;
        return entry.SuffixLength == keyLength && CommonPrefix(entry.Suffix, key, keyLength) == keyLength
            ? BlockMatch.SameKey
            : BlockMatch.LaterKey;
    }
}
