using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Iterators;

/// <summary>
/// Walks several sorted sources as one, both ways; owns and disposes them. Where two hold the same internal key, that of the
/// earlier child comes first.
///
/// 1. The children that stand on an entry form a heap of the direction walked: its top is the current entry.
/// 2. Going forward every child stands after the current key or is the current one; going back, before it. Turning round
///    repositions all the others.
/// 3. A child's first eight key bytes are held beside it as a number, so that most comparisons touch no key.
/// </summary>
public sealed class MergingIterator : InternalIterator
{
    private readonly InternalIterator[] _children;
    private readonly Source[] _heap;
    private int _count;         // of the heap
    private bool _forward = true;
    private byte[] _turnKey = [];

    public MergingIterator(InternalIterator[] children)
    {
        _children = children;
        _heap = new Source[children.Length];
    }

    public override bool Valid => _count > 0;

    public override ReadOnlySpan<byte> Key => _heap[0].Iterator.Key;

    public override ReadOnlySpan<byte> Value => _heap[0].Iterator.Value;

    public override void SeekToFirst()
    {
        foreach (InternalIterator child in _children)
            child.SeekToFirst();
        BuildHeap(forward: true);
    }

    public override void SeekToLast()
    {
        foreach (InternalIterator child in _children)
            child.SeekToLast();
        BuildHeap(forward: false);
    }

    public override void Seek(ReadOnlySpan<byte> internalKey)
    {
        foreach (InternalIterator child in _children)
            child.Seek(internalKey);
        BuildHeap(forward: true);
    }

    public override void Next()
    {
        if (!_forward)
            TurnForward();
        InternalIterator top = _heap[0].Iterator;
        top.Next();
        RestoreTop(top);
    }

    public override void Prev()
    {
        if (_forward)
            TurnBackward();
        InternalIterator top = _heap[0].Iterator;
        top.Prev();
        RestoreTop(top);
    }

    public override void Dispose()
    {
        foreach (InternalIterator child in _children)
            child.Dispose();
        _count = 0;
    }

    private void TurnForward()
    {
        (InternalIterator current, int ordinal) = (_heap[0].Iterator, _heap[0].Ordinal);
        ReadOnlySpan<byte> key = CopyTurnKey(current);
        for (int i = 0; i < _children.Length; i++)
        {
            InternalIterator child = _children[i];
            if (child == current)
                continue;
            child.Seek(key);
            // The same key of an earlier child has been passed already.
            if (i < ordinal && child.Valid && child.Key.SequenceEqual(key))
                child.Next();
        }
        BuildHeap(forward: true);
    }

    private void TurnBackward()
    {
        (InternalIterator current, int ordinal) = (_heap[0].Iterator, _heap[0].Ordinal);
        ReadOnlySpan<byte> key = CopyTurnKey(current);
        for (int i = 0; i < _children.Length; i++)
        {
            InternalIterator child = _children[i];
            if (child == current)
                continue;
            child.Seek(key);
            if (i < ordinal && child.Valid && child.Key.SequenceEqual(key))
                continue;
            if (child.Valid)
                child.Prev();
            else
                child.SeekToLast();
        }
        BuildHeap(forward: false);
    }

    private ReadOnlySpan<byte> CopyTurnKey(InternalIterator current)
    {
        ReadOnlySpan<byte> key = current.Key;
        if (_turnKey.Length < key.Length)
            _turnKey = new byte[key.Length * 2];
        key.CopyTo(_turnKey);
        return _turnKey.AsSpan(0, key.Length);
    }

    private void BuildHeap(bool forward)
    {
        _forward = forward;
        _count = 0;
        for (int i = 0; i < _children.Length; i++)
            if (_children[i].Valid)
                _heap[_count++] = new Source(_children[i], i, PrefixOf(_children[i].Key));
        for (int i = _count / 2 - 1; i >= 0; i--)
            SiftDown(i);
    }

    // The top has moved.
    private void RestoreTop(InternalIterator top)
    {
        if (top.Valid)
        {
            if (_count == 1)
                return;
            _heap[0].Prefix = PrefixOf(top.Key);
        }
        else
        {
            _heap[0] = _heap[--_count];
            _heap[_count] = default;
        }
        SiftDown(0);
    }

    private void SiftDown(int at)
    {
        Span<Source> heap = _heap.AsSpan(0, _count);
        while (true)
        {
            int first = 2 * at + 1;
            if (first >= heap.Length)
                return;
            if (first + 1 < heap.Length && Precedes(in heap[first + 1], in heap[first]))
                first++;
            if (!Precedes(in heap[first], in heap[at]))
                return;
            (heap[at], heap[first]) = (heap[first], heap[at]);
            at = first;
        }
    }

    private bool Precedes(in Source left, in Source right)
    {
        if (left.Prefix != right.Prefix)
            return left.Prefix < right.Prefix == _forward;
        int order = InternalKey.Compare(left.Iterator.Key, right.Iterator.Key);
        return (order != 0 ? order < 0 : left.Ordinal < right.Ordinal) == _forward;
    }

    // The first eight bytes of the user key as a big-endian number, padded with zeros: ordered as the keys are, or equal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixOf(ReadOnlySpan<byte> internalKey)
    {
        int length = internalKey.Length - InternalKey.TrailerSize;
        ulong word = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref MemoryMarshal.GetReference(internalKey)));
        return length >= sizeof(ulong) ? word : length == 0 ? 0 : word & ulong.MaxValue << (64 - 8 * length);
    }

    private struct Source(InternalIterator iterator, int ordinal, ulong prefix)
    {
        public readonly InternalIterator Iterator = iterator;
        public readonly int Ordinal = ordinal;
        public ulong Prefix = prefix;
    }
}
