using System.Numerics;
using System.Runtime.InteropServices;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Memory;

/// <summary>
/// Where the newest entry of a key stands in a memtable's list, so that most point reads need no search: one cache line here, then the
/// entry. Sets of four places, as in a processor's cache; where five keys meet in a set one is pushed out, and is searched for again.
/// <para>One writer, who sets an entry after it is in the list; readers take no lock. Owner: the memtable, which frees it with its last
/// holder.</para>
///
/// 1. A place holds the newest entry of its key, or one that a reader saw before a newer one was set.
/// 2. The places of a set are taken in order, and never become free: a set with a free place has lost no key.
/// </summary>
internal sealed unsafe class PointIndex
{
    private const int Ways = 4;
    private const int CacheLine = 64;
    private const int TagShift = 48;
    private const ulong AddressBits = (1UL << TagShift) - 1;

    /// <summary>A small entry with its node: more of them than places is possible, and only slower.</summary>
    private const int BytesAnEntry = 128;

    private const long MaxEntries = 1 << 22;

    private readonly void* _memory;
    private readonly ulong* _places;
    private readonly ulong _lastSet;

    /// <param name="expectedBytes">How large the memtable is to become.</param>
    internal PointIndex(long expectedBytes)
    {
        ulong sets = BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(expectedBytes / BytesAnEntry, CacheLine, MaxEntries) / Ways);
        _lastSet = sets - 1;
        Bytes = (long)sets * Ways * sizeof(ulong);
        // Zeros from the system, which gives a page only when it is touched.
        _memory = NativeMemory.AllocZeroed((nuint)Bytes + CacheLine);
        _places = (ulong*)(((nuint)_memory + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }

    /// <summary>What is known of a key.</summary>
    internal enum Answer
    {
        /// <summary>It may be in the list.</summary>
        Unknown = 0,

        /// <summary>It is not in the list.</summary>
        Absent,

        /// <summary>Its newest entry is this.</summary>
        Known,
    }

    internal long Bytes { get; }

    internal Answer Find(ulong hash, ReadOnlySpan<byte> key, out SkipList.Node* node)
    {
        ulong* set = SetOf(hash);
        for (int way = 0; way < Ways; way++)
        {
            ulong place = Volatile.Read(ref set[way]);
            node = NodeOf(place);
            if (node == null)
                return Answer.Absent;
            if (place >> TagShift == hash >> TagShift && SkipList.Node.Key(node).SequenceEqual(key))
                return Answer.Known;
        }

        node = null;
        return Answer.Unknown;
    }

    /// <summary>REQUIRES: the node is in the list, and newer than any of its key that was set.</summary>
    internal void Set(ulong hash, SkipList.Node* node)
    {
        ulong* set = SetOf(hash);
        int way = 0;
        while (way < Ways && set[way] != 0 && !IsOfKey(set[way], hash, SkipList.Node.Key(node)))
            way++;
        if (way == Ways)
            way = (int)(hash >> (TagShift - 2)) & (Ways - 1);
        Volatile.Write(ref set[way], (ulong)node | (hash >> TagShift << TagShift));
    }

    internal void Prefetch(ulong hash) => BlockMemory.Prefetch(SetOf(hash));

    internal void Free() => NativeMemory.Free(_memory);

    private static bool IsOfKey(ulong place, ulong hash, ReadOnlySpan<byte> key) =>
        place >> TagShift == hash >> TagShift && SkipList.Node.Key(NodeOf(place)).SequenceEqual(key);

    /// <summary>Addresses of a process have 47 bits; the others are a tag out of the hash.</summary>
    private static SkipList.Node* NodeOf(ulong place) => (SkipList.Node*)(place & AddressBits);

    private ulong* SetOf(ulong hash) => _places + ((hash & _lastSet) * Ways);
}
