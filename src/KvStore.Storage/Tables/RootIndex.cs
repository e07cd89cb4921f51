using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// The root of a table's index taken apart for searching, in native memory: for each entry the first eight bytes of its separator
/// after the prefix that all separators share, as one number, so that a search compares numbers lying close together and looks
/// at whole keys only where those are equal. Owned by a <see cref="TableReader"/>; immutable, any thread.
/// </summary>
internal sealed unsafe class RootIndex : IDisposable
{
    private readonly ulong* _prefixes;
    private readonly Entry* _entries;
    private readonly byte* _keys;
    private readonly int _commonLength; // of the prefix that all separators share; it begins at _keys

    private RootIndex(ulong* prefixes, Entry* entries, byte* keys, int count, int commonLength, long size)
    {
        _prefixes = prefixes;
        _entries = entries;
        _keys = keys;
        _commonLength = commonLength;
        Count = count;
        MemorySize = size;
    }

    public int Count { get; }

    /// <summary>Bytes held in memory.</summary>
    public long MemorySize { get; }

    public BlockLocation this[int ordinal]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _entries[ordinal].Block;
    }

    /// <summary>Takes an index block apart; null when it is malformed or a location reaches beyond <paramref name="end"/>.</summary>
    public static RootIndex? Read(BlockView block, long end)
    {
        var keys = new MemoryStream();
        var found = new List<Entry>();
        var cursor = new BlockCursor();
        cursor.Reset(block);
        bool whole = cursor.SeekToFirst();
        for (; whole && cursor.Valid; whole = cursor.Next())
        {
            ReadOnlySpan<byte> key = cursor.Key;
            if (!BlockLocation.TryRead(cursor.Value, end, out BlockLocation location))
                return null;
            int keyLength = key.Length - InternalKey.TrailerSize;
            found.Add(new Entry { Block = location, KeyAt = (int)keys.Length, KeyLength = keyLength, Trailer = InternalKey.Trailer(key) });
            keys.Write(key);
        }
        return whole ? Build(CollectionsMarshal.AsSpan(found), keys.GetBuffer().AsSpan(0, (int)keys.Length)) : null;
    }

    /// <summary>The first entry whose separator is at or after the internal key; <see cref="Count"/> when there is none.</summary>
    /// <param name="key">A user key followed by at least eight readable bytes.</param>
    /// <param name="length">Bytes of the user key.</param>
    /// <param name="trailer">Trailer of the internal key.</param>
    public int FirstAtOrAfter(byte* key, int length, ulong trailer)
    {
        if (Count == 0)
            return 0;
        int common = BlockSearch.CommonPrefix(_keys, key, Math.Min(_commonLength, length));
        if (common < _commonLength)
            return common == length || key[common] < _keys[common] ? 0 : Count;

        ulong prefix = PrefixAt(key + common, length - common);
        int low = FirstNotBelow(prefix, 0, Count);
        if (low == Count || _prefixes[low] != prefix)
            return low;
        int high = prefix == ulong.MaxValue ? Count : FirstNotBelow(prefix + 1, low, Count);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            Entry* entry = _entries + middle;
            if (BlockSearch.Compare(_keys + entry->KeyAt, entry->KeyLength, entry->Trailer, key, length, trailer) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The separator of an entry, as an internal key.</summary>
    public ReadOnlySpan<byte> Separator(int ordinal) =>
        new(_keys + _entries[ordinal].KeyAt, _entries[ordinal].KeyLength + InternalKey.TrailerSize);

    public void Dispose()
    {
        NativeMemory.Free(_prefixes);
        NativeMemory.Free(_entries);
        NativeMemory.Free(_keys);
    }

    private static RootIndex Build(ReadOnlySpan<Entry> found, ReadOnlySpan<byte> keyBytes)
    {
        nuint keysSize = (nuint)keyBytes.Length + TableFormat.BlockPadding;
        var keys = (byte*)NativeMemory.AllocZeroed(keysSize);
        keyBytes.CopyTo(new Span<byte>(keys, keyBytes.Length));
        var entries = (Entry*)NativeMemory.Alloc((nuint)found.Length + 1, (nuint)sizeof(Entry));
        found.CopyTo(new Span<Entry>(entries, found.Length));
        var prefixes = (ulong*)NativeMemory.Alloc((nuint)found.Length + 1, sizeof(ulong));

        // Separators ascend, so what the first and the last share, all share.
        int commonLength = 0;
        if (found.Length > 0)
        {
            Entry last = found[^1];
            commonLength = BlockSearch.CommonPrefix(keys, keys + last.KeyAt, Math.Min(found[0].KeyLength, last.KeyLength));
        }
        for (int i = 0; i < found.Length; i++)
            prefixes[i] = PrefixAt(keys + found[i].KeyAt + commonLength, found[i].KeyLength - commonLength);
        long size = (long)keysSize + (found.Length + 1L) * (sizeof(Entry) + sizeof(ulong));
        return new RootIndex(prefixes, entries, keys, found.Length, commonLength, size);
    }

    // Binary search without branches: the outcome of each step is a coin toss to the processor.
    private int FirstNotBelow(ulong prefix, int from, int to)
    {
        ulong* low = _prefixes + from;
        int length = to - from;
        while (length > 1)
        {
            int half = length >>> 1;
            bool below = low[half - 1] < prefix;
            low += half & -(int)*(byte*)&below;
            length -= half;
        }
        bool lastBelow = length == 1 && *low < prefix;
        return (int)(low - _prefixes) + *(byte*)&lastBelow;
    }

    // Up to eight bytes as a big-endian number, padded with zeros, so that numbers are ordered as the bytes are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixAt(byte* at, int length)
    {
        ulong word = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(at));
        return length >= sizeof(ulong) ? word : length == 0 ? 0 : word & ulong.MaxValue << (64 - 8 * length);
    }

    private struct Entry
    {
        public BlockLocation Block;
        public int KeyAt;
        public int KeyLength;
        public ulong Trailer;
    }
}
