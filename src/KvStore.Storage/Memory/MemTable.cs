using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Memory;

/// <summary>
/// The newest entries, sorted, in memory; each is in the commit log too. One writer at a time (under the commit queue's lock),
/// readers without locks. Counts its holders: the memory goes back to the pool when the last one has released it.
/// </summary>
internal sealed unsafe class MemTable
{
    /// <summary>Versions of one key that a read of an older state walks past before it searches.</summary>
    private const int MaxWalk = 8;

    private readonly Arena _arena;
    private readonly PointIndex _index;
    private readonly SkipList _entries;
    private readonly Lock _rangeLock = new();
    private readonly List<RangeTombstone> _ranges = [];
    private RangeTombstoneSet? _rangeSet;
    private int _rangeCount;
    private int _holders = 1;

    /// <param name="pool">Where its memory comes from.</param>
    /// <param name="log">The first segment that holds entries of it.</param>
    /// <param name="expectedBytes">How large it is to become.</param>
    internal MemTable(ArenaPool pool, FileNumber log, long expectedBytes)
    {
        _arena = new Arena(pool);
        _index = new PointIndex(expectedBytes);
        _entries = new SkipList(_arena);
        Log = log;
    }

    internal FileNumber Log { get; }

    /// <summary>Entries and range tombstones.</summary>
    internal long Count { get; private set; }

    internal long PointCount => Count - _rangeCount;

    /// <summary>For the writer.</summary>
    internal long UsedBytes => _arena.UsedBytes;

    internal long ReservedBytes => _arena.ReservedBytes + _index.Bytes;

    internal int RangeCount => Volatile.Read(ref _rangeCount);

    internal SequenceNumber LastSequence { get; private set; }

    internal void Add(SequenceNumber sequence, ValueKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (kind == ValueKind.RangeDelete)
            AddRange(key, value, sequence);
        else
            AddPoint(key, InternalKey.Pack(sequence, kind), value);
        Count++;
        LastSequence = sequence;
    }

    /// <summary>Takes all entries of a load. REQUIRES: nobody reads yet. Range tombstones come by <see cref="Add"/>.</summary>
    internal void Take(SortedLoad load)
    {
        if (load.Count == 0)
            return;
        Count += load.Count;
        LastSequence = load.LastSequence > LastSequence ? load.LastSequence : LastSequence;
        load.MoveTo(_entries, _index);
    }

    /// <param name="lookupKey">An internal key of kind <see cref="ValueKind.Lookup"/>.</param>
    /// <param name="coveredBelow">Entries older than this are covered by a newer range tombstone.</param>
    internal LookupState Get<TSink>(scoped ReadOnlySpan<byte> lookupKey, SequenceNumber coveredBelow, ref TSink sink)
        where TSink : struct, IValueSink, allows ref struct
    {
        ReadOnlySpan<byte> userKey = InternalKey.UserKey(lookupKey);
        SkipList.Node* node = NewestOf(userKey, InternalKey.Trailer(lookupKey));
        if (node == null)
            return LookupState.Absent;
        if ((ValueKind)(byte)node->Trailer == ValueKind.Delete || node->Trailer >> 8 < coveredBelow.Value)
            return LookupState.Deleted;
        sink.Accept(SkipList.Node.Value(node));
        return LookupState.Found;
    }

    internal RangeTombstoneSet RangeTombstones()
    {
        if (RangeCount == 0)
            return RangeTombstoneSet.Empty;
        lock (_rangeLock)
            return _rangeSet ??= RangeTombstoneSet.Of(_ranges);
    }

    internal RangeTombstone[] RangeList()
    {
        lock (_rangeLock)
            return [.. _ranges];
    }

    /// <summary>The caller holds the memtable for as long as it uses the iterator.</summary>
    internal InternalIterator NewIterator() => new MemTableIterator(_entries);

    /// <summary>Takes hold; only who holds it already, or holds the lock that guards the view that does, may call.</summary>
    internal void Hold() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _arena.FreeAll();
            _index.Free();
        }
    }

    private void AddPoint(ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        ulong hash = KeyHash.Of(key);
        // Its place is fetched while the list is searched.
        _index.Prefetch(hash);
        _index.Set(hash, _entries.Insert(key, trailer, value));
    }

    /// <summary>The newest entry of a key that is not after the trailer; null: there is none.</summary>
    private SkipList.Node* NewestOf(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        // Of an empty one not even the index is looked at: its lines would be fetched for nothing.
        if (_entries.First == null)
            return null;
        PointIndex.Answer answer = _index.Find(KeyHash.Of(userKey), userKey, out SkipList.Node* node);
        if (answer == PointIndex.Answer.Absent)
            return null;
        int walked = 0;
        while (answer == PointIndex.Answer.Known && node != null && node->Trailer > trailer)
        {
            node = SkipList.NextOf(node);
            if (++walked == MaxWalk)
                answer = PointIndex.Answer.Unknown;
        }

        if (answer == PointIndex.Answer.Unknown)
            node = _entries.Seek(userKey, trailer);
        else if (walked == 0)
            return node;
        return node != null && SkipList.Node.Key(node).SequenceEqual(userKey) ? node : null;
    }

    private void AddRange(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end, SequenceNumber sequence)
    {
        lock (_rangeLock)
        {
            _ranges.Add(new RangeTombstone(begin.ToArray(), end.ToArray(), sequence));
            _rangeSet = null;
            Volatile.Write(ref _rangeCount, _ranges.Count);
        }
    }
}
