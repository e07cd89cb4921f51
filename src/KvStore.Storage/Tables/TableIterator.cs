using System.Runtime.CompilerServices;
using KvStore.Storage.Iterators;

namespace KvStore.Storage.Tables;

/// <summary>
/// Walks one table, both ways, with one data block held at a time: from the cache, or, where the table is read from end to end,
/// out of large pieces that pass the cache by (<see cref="ReadAheadWindow"/>).
/// </summary>
internal sealed unsafe class TableIterator(TableFile file, RootIndex root, int indexLevels, bool fillCache, bool sequential)
    : InternalIterator
{
    private readonly IndexCursor _index = new(file, root, indexLevels, fillCache);
    private readonly BlockCursor _block = new();
    private readonly ReadAheadWindow? _window = sequential ? new ReadAheadWindow(file) : null;
    private BlockPin _pin;
    private long _pinnedOffset;

    public override bool Valid => _block.Valid;

    public override ReadOnlySpan<byte> Key => _block.Key;

    public override ReadOnlySpan<byte> Value => _block.Value;

    public override void SeekToFirst()
    {
        _index.SeekToFirst();
        EnterForward();
    }

    public override void SeekToLast()
    {
        _index.SeekToLast();
        EnterBackward();
    }

    public override void Seek(ReadOnlySpan<byte> internalKey)
    {
        _index.Seek(internalKey);
        if (!Enter())
            return;
        Check(_block.Seek(internalKey));
        if (!_block.Valid)
            NextBlock();
    }

    public override void Next()
    {
        Check(_block.Next());
        if (!_block.Valid)
            NextBlock();
    }

    public override void Prev()
    {
        Check(_block.Prev());
        if (_block.Valid)
            return;
        _index.Prev();
        EnterBackward();
    }

    public override void Dispose()
    {
        Leave();
        _index.Dispose();
        _window?.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NextBlock()
    {
        _index.Next();
        EnterForward();
    }

    // Data blocks are never empty: to enter one is to find an entry.
    private void EnterForward()
    {
        if (Enter())
            Check(_block.SeekToFirst());
    }

    private void EnterBackward()
    {
        if (Enter())
            Check(_block.SeekToLast());
    }

    // Holds the index's block; false, and not valid, at the end of the table.
    private bool Enter()
    {
        if (!_index.Valid)
        {
            Leave();
            return false;
        }
        BlockLocation location = _index.Block;
        if (!_pin.IsNone && _pinnedOffset == location.Offset)
            return true;
        Leave();
        if (_window is null)
        {
            _pin = _index.PinBlock(fillCache);
            _block.Reset(_pin.View);
        }
        else
        {
            _block.Reset(_window.Block(location));
        }
        _pinnedOffset = location.Offset;
        return true;
    }

    private void Leave()
    {
        _block.Reset(default);
        if (!_pin.IsNone)
            _pin.Release();
        _pin = default;
    }

    private void Check(bool whole)
    {
        if (!whole)
            throw file.Damaged(_pinnedOffset, "an entry of a data block does not fit it");
    }
}
