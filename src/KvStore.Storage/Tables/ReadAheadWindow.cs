namespace KvStore.Storage.Tables;

/// <summary>
/// Reads a table from front to back in large pieces and hands out the blocks in them, checked, without touching the cache. Owned
/// by one iterator; a block holds until the next is asked for.
/// </summary>
internal sealed unsafe class ReadAheadWindow(TableFile file) : IDisposable
{
    private const int Size = 256 * 1024;

    private byte* _memory;
    private int _capacity;
    private long _from;     // the file's offset of the first byte here
    private int _length;
    private BlockPin _decompressed;

    public BlockView Block(BlockLocation location)
    {
        if (location.Offset < _from || location.End > _from + _length)
            Fill(location);
        byte* stored = _memory + (location.Offset - _from);
        Compression compression = file.Check(location, stored);
        byte* contents = stored;
        int length = location.Size;
        if (compression != Compression.None)
        {
            ReleaseDecompressed();
            _decompressed = file.Decompress(location, stored, compression);
            contents = _decompressed.Start;
            length = _decompressed.Length;
        }
        file.CheckStructure(location, contents, length);
        return BlockView.Of(contents, length);
    }

    public void Dispose()
    {
        ReleaseDecompressed();
        if (_memory != null)
            BlockMemory.Free(_memory);
        _memory = null;
        _length = 0;
    }

    private void Fill(BlockLocation location)
    {
        int stored = location.Size + TableFormat.BlockTrailerSize;
        int wanted = Math.Max(stored, (int)Math.Min(Size, file.Length - location.Offset));
        if (wanted > _capacity)
        {
            Dispose();
            _memory = BlockMemory.Allocate(wanted);
            _capacity = wanted;
        }
        _length = 0;
        file.ReadExactly(location.Offset, new Span<byte>(_memory, wanted));
        (_from, _length) = (location.Offset, wanted);
    }

    private void ReleaseDecompressed()
    {
        if (!_decompressed.IsNone)
            _decompressed.Release();
        _decompressed = default;
    }
}
