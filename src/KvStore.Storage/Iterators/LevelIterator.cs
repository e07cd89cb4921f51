using KvStore.Storage.Format;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Iterators;

/// <summary>
/// Walks the tables of one level as if they were one, both ways, with one table open at a time. The tables are ordered
/// and no internal key of one lies beyond the smallest of the next.
/// </summary>
public sealed class LevelIterator(
    TableCache cache, IReadOnlyList<TableInfo> tables, bool fillCache = true, bool sequential = false) : InternalIterator
{
    private TableLease _lease;
    private InternalIterator? _table;
    private int _ordinal = -1;

    public override bool Valid => _table is not null && _table.Valid;

    public override ReadOnlySpan<byte> Key => _table!.Key;

    public override ReadOnlySpan<byte> Value => _table!.Value;

    public override void SeekToFirst()
    {
        if (Enter(0))
            _table!.SeekToFirst();
        SkipForward();
    }

    public override void SeekToLast()
    {
        if (Enter(tables.Count - 1))
            _table!.SeekToLast();
        SkipBackward();
    }

    public override void Seek(ReadOnlySpan<byte> internalKey)
    {
        int low = 0, high = tables.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (InternalKey.Compare(tables[middle].Largest, internalKey) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (Enter(low))
            _table!.Seek(internalKey);
        SkipForward();
    }

    public override void Next()
    {
        _table!.Next();
        SkipForward();
    }

    public override void Prev()
    {
        _table!.Prev();
        SkipBackward();
    }

    public override void Dispose() => Leave();

    // Past the end of a table, and past tables that hold range tombstones alone.
    private void SkipForward()
    {
        while (_table is not null && !_table.Valid)
            if (Enter(_ordinal + 1))
                _table!.SeekToFirst();
    }

    private void SkipBackward()
    {
        while (_table is not null && !_table.Valid)
            if (Enter(_ordinal - 1))
                _table!.SeekToLast();
    }

    private bool Enter(int ordinal)
    {
        if (ordinal == _ordinal && _table is not null)
            return true;
        Leave();
        if ((uint)ordinal >= (uint)tables.Count)
            return false;
        _lease = cache.Acquire(tables[ordinal]);
        _ordinal = ordinal;
        _table = _lease.Reader.NewIterator(fillCache, sequential);
        return true;
    }

    private void Leave()
    {
        if (_table is null)
            return;
        _table.Dispose();
        _table = null;
        _ordinal = -1;
        _lease.Dispose();
    }
}
