using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KvStore.Storage.Format;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Memory;

/// <summary>
/// Fills a memtable with many entries at once, as recovery needs it: sorts them first, and then each goes in next to the one before,
/// where inserting them as they come would search the whole list, in cold memory, for each. Holds pointers to keys and values, not
/// copies. One thread.
///
/// Sorting is by radix, on the eight bytes that follow what all keys begin with; where those are equal, by comparison.
/// </summary>
internal sealed unsafe class SortedLoad : IDisposable
{
    internal const int Capacity = 1 << 19;
    private const int NodeOverhead = 44;
    private const int Ahead = 8;

    private readonly Entry* _entries = (Entry*)NativeMemory.Alloc(Capacity, (nuint)sizeof(Entry));
    private readonly Slot* _slots = (Slot*)NativeMemory.Alloc(2 * Capacity, (nuint)sizeof(Slot));
    private int _shared;

    /// <summary>About what the entries held here will take in the memtable.</summary>
    internal long Bytes { get; private set; }

    internal int Count { get; private set; }

    internal bool IsFull => Count == Capacity;

    /// <summary>Of the entries held here. REQUIRES: there is one.</summary>
    internal SequenceNumber LastSequence => new(_entries[Count - 1].Trailer >> 8);

    /// <summary>Takes an entry; the bytes stay where they are until <see cref="MoveTo"/>. Later entries have higher numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(SequenceNumber sequence, ValueKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Entry* entry = _entries + Count;
        entry->Key = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(key));
        entry->Value = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value));
        entry->KeyLength = key.Length;
        entry->ValueLength = value.Length;
        entry->Trailer = InternalKey.Pack(sequence, kind);
        _shared = Count == 0 ? key.Length : Math.Min(_shared, key.CommonPrefixLength(_entries->KeySpan));
        Count++;
        Bytes += key.Length + value.Length + NodeOverhead;
    }

    /// <summary>Puts all entries into a list, and holds none any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void MoveTo(SkipList list, PointIndex index)
    {
        Slot* sorted = Sort();
        SkipList.Node* before = null;
        for (int i = 0; i < Count; i++)
        {
            if (i + (2 * Ahead) < Count)
                BlockMemory.Prefetch(_entries + sorted[i + (2 * Ahead)].Index);
            if (i + Ahead < Count)
                PrefetchBytes(_entries + sorted[i + Ahead].Index);
            Entry* entry = _entries + sorted[i].Index;
            SkipList.Node* node = list.InsertNext(
                entry->KeySpan, entry->Trailer, new ReadOnlySpan<byte>(entry->Value, entry->ValueLength));
            // Of equal keys the newest comes first.
            if (before == null || !SkipList.Node.Key(before).SequenceEqual(entry->KeySpan))
                index.Set(KeyHash.Of(entry->KeySpan), node);
            before = node;
        }

        Count = 0;
        Bytes = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_entries);
        NativeMemory.Free(_slots);
    }

    private static void PrefetchBytes(Entry* entry)
    {
        BlockMemory.Prefetch(entry->Key);
        BlockMemory.Prefetch(entry->Value + Math.Max(0, entry->ValueLength - 1));
    }

    // Newest first going in, and each pass keeps the order of equals: so equal keys come out newest first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Slot* Sort()
    {
        Slot* from = _slots, to = _slots + Capacity;
        var counts = new int[sizeof(ulong) * 256];
        for (int i = 0; i < Count; i++)
        {
            int index = Count - 1 - i;
            ulong digits = Digits(_entries + index, _shared);
            from[i] = new Slot { Digits = digits, Index = index };
            for (int digit = 0; digit < sizeof(ulong); digit++)
                counts[(digit << 8) + (byte)(digits >> (8 * digit))]++;
        }

        for (int digit = 0; digit < sizeof(ulong); digit++)
        {
            if (Count == 0 || counts[(digit << 8) + (byte)(from[0].Digits >> (8 * digit))] == Count)
                continue; // all the same here
            Distribute(from, to, counts.AsSpan(digit << 8, 256), 8 * digit);
            Slot* sorted = to;
            to = from;
            from = sorted;
        }

        SortEquals(from);
        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Distribute(Slot* from, Slot* to, Span<int> counts, int shift)
    {
        int start = 0;
        foreach (ref int count in counts)
            (count, start) = (start, start + count);
        for (int i = 0; i < Count; i++)
            to[counts[(byte)(from[i].Digits >> shift)]++] = from[i];
    }

    private void SortEquals(Slot* slots)
    {
        for (int start = 0, end; start < Count; start = end)
        {
            bool inOrder = true;
            for (end = start + 1; end < Count && slots[end].Digits == slots[start].Digits; end++)
                inOrder = inOrder && Compare(slots[end - 1], slots[end]) < 0;
            if (!inOrder)
                new Span<Slot>(slots + start, end - start).Sort(Compare);
        }
    }

    private int Compare(Slot left, Slot right)
    {
        int order = _entries[left.Index].KeySpan.SequenceCompareTo(_entries[right.Index].KeySpan);
        return order != 0 ? order : right.Index.CompareTo(left.Index);
    }

    private static ulong Digits(Entry* entry, int from)
    {
        int length = entry->KeyLength - from;
        if (length >= sizeof(ulong))
            return BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(entry->Key + from));
        ulong digits = 0;
        for (int i = 0; i < length; i++)
            digits |= (ulong)entry->Key[from + i] << (56 - (8 * i));
        return digits;
    }

    private struct Entry
    {
        internal byte* Key;
        internal byte* Value;
        internal int KeyLength;
        internal int ValueLength;
        internal ulong Trailer;

        internal readonly ReadOnlySpan<byte> KeySpan => new(Key, KeyLength);
    }

    private struct Slot
    {
        internal ulong Digits;
        internal int Index;
    }
}
