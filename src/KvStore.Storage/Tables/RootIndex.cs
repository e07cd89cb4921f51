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
    private readonly IndexedBlock* _blocks;
    private readonly SeparatorKey* _separators;
    private readonly byte* _keys;
    private readonly int _commonLength; // of the prefix that all separators share; it begins at _keys

    private RootIndex(ReadOnlySpan<IndexedBlock> blocks, ReadOnlySpan<SeparatorKey> separators, ReadOnlySpan<byte> keyBytes)
    {
        Count = blocks.Length;
        nuint count = (nuint)Count + 1;
        nuint keysSize = (nuint)keyBytes.Length + TableFormat.BlockPadding;
        _prefixes = (ulong*)NativeMemory.Alloc(count, sizeof(ulong));
        _blocks = (IndexedBlock*)NativeMemory.AlignedAlloc(count * (nuint)sizeof(IndexedBlock), (nuint)sizeof(IndexedBlock));
        _separators = (SeparatorKey*)NativeMemory.Alloc(count, (nuint)sizeof(SeparatorKey));
        _keys = (byte*)NativeMemory.AllocZeroed(keysSize);
        MemorySize = (long)(keysSize + count * (nuint)(sizeof(ulong) + sizeof(IndexedBlock) + sizeof(SeparatorKey)));

        blocks.CopyTo(new Span<IndexedBlock>(_blocks, Count));
        separators.CopyTo(new Span<SeparatorKey>(_separators, Count));
        keyBytes.CopyTo(new Span<byte>(_keys, keyBytes.Length));
        // Separators ascend, so what the first and the last share, all share.
        if (Count > 0)
        {
            SeparatorKey last = separators[^1];
            _commonLength = BlockSearch.CommonPrefix(_keys, _keys + last.At, Math.Min(separators[0].Length, last.Length));
        }
        for (int i = 0; i < Count; i++)
            _prefixes[i] = PrefixAt(_keys + separators[i].At + _commonLength, separators[i].Length - _commonLength);
    }

    public int Count { get; }

    /// <summary>Bytes held in memory.</summary>
    public long MemorySize { get; }

    public BlockLocation this[int ordinal] => _blocks[ordinal].Location;

    /// <summary>Takes an index block apart; null when it is malformed or a location reaches beyond <paramref
    /// name="end"/>.</summary>
    public static RootIndex? Read(BlockView block, long end)
    {
        var keys = new MemoryStream();
        var blocks = new List<IndexedBlock>();
        var separators = new List<SeparatorKey>();
        var cursor = new BlockCursor();
        cursor.Reset(block);
        bool whole = cursor.SeekToFirst();
        for (; whole && cursor.Valid; whole = cursor.Next())
        {
            ReadOnlySpan<byte> key = cursor.Key;
            if (!BlockLocation.TryRead(cursor.Value, end, out BlockLocation location))
                return null;
            blocks.Add(new IndexedBlock { Location = location });
            separators.Add(new SeparatorKey
            {
                At = (int)keys.Length,
                Length = key.Length - InternalKey.TrailerSize,
                Trailer = InternalKey.Trailer(key),
            });
            keys.Write(key);
        }
        if (!whole)
            return null;
        ReadOnlySpan<byte> keyBytes = keys.GetBuffer().AsSpan(0, (int)keys.Length);
        return new RootIndex(CollectionsMarshal.AsSpan(blocks), CollectionsMarshal.AsSpan(separators), keyBytes);
    }

    /// <summary>Where a block is, and where it was last found in the cache. Holds while the index does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public IndexedBlock* Block(int ordinal) => _blocks + ordinal;

    /// <summary>The first entry whose separator is at or after the internal key; <see cref="Count"/> when there is
    /// none.</summary>
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
            SeparatorKey* separator = _separators + middle;
            if (BlockSearch.Compare(_keys + separator->At, separator->Length, separator->Trailer, key, length, trailer) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The separator of an entry, as an internal key.</summary>
    public ReadOnlySpan<byte> Separator(int ordinal) =>
        new(_keys + _separators[ordinal].At, _separators[ordinal].Length + InternalKey.TrailerSize);

    public void Dispose()
    {
        NativeMemory.Free(_prefixes);
        NativeMemory.AlignedFree(_blocks);
        NativeMemory.Free(_separators);
        NativeMemory.Free(_keys);
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

    private struct SeparatorKey
    {
        public int At;      // in _keys
        public int Length;  // of the user key; its trailer follows it there
        public ulong Trailer;
    }
}

/// <summary>
/// One entry of an index root: where the block is on disk, and where it was last found in the cache. The latter is a hint,
/// written without synchronisation: the slot is asked whether it still holds the block, and the memory is only brought near.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct IndexedBlock
{
    public BlockLocation Location;
    public BlockCacheSlot* Slot;
    public byte* Memory;

    /// <summary>Brings near the slot, and the block's first and last lines.</summary>
    public readonly void Prefetch()
    {
        if (Slot == null)
            return;
        BlockMemory.Prefetch(Slot);
        BlockMemory.Prefetch(Memory);
        BlockMemory.Prefetch(Memory + 64);
        BlockMemory.Prefetch(Memory + Location.Size - 1);
    }
}
