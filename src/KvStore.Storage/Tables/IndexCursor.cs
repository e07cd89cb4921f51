using System.Runtime.CompilerServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// Walks the data blocks of a table by its index, of one or two levels, both ways. Owned by one iterator, which disposes it.
/// </summary>
internal sealed unsafe class IndexCursor(TableFile file, RootIndex root, int levels, bool fillCache)
{
    private readonly BlockCursor? _partition = levels == 2 ? new BlockCursor() : null;
    private BlockPin _pin;      // of the partition
    private int _ordinal = -1;  // in the root

    public bool Valid => (uint)_ordinal < (uint)root.Count;

    /// <summary>The data block here.</summary>
    public BlockLocation Block
    {
        get
        {
            if (_partition is null)
                return root[_ordinal];
            if (!BlockLocation.TryRead(_partition.Value, file.Length, out BlockLocation location))
                throw Damaged();
            return location;
        }
    }

    /// <summary>Pins the data block here, and brings near what a walk forward from it will touch first.</summary>
    public BlockPin PinBlock(bool fillBlockCache)
    {
        if (_partition is not null)
            return file.Pin(Block, fillBlockCache);
        BlockPin pin = file.Pin(root.Block(_ordinal), fillBlockCache);
        if (_ordinal + 1 < root.Count)
            root.Block(_ordinal + 1)->Prefetch();
        return pin;
    }

    /// <summary>The separator here, an internal key at or after all of the block's.</summary>
    public ReadOnlySpan<byte> Separator => _partition is null ? root.Separator(_ordinal) : _partition.Key;

    public void SeekToFirst() => GoTo(0, forward: true);

    public void SeekToLast() => GoTo(root.Count - 1, forward: false);

    /// <summary>To the first block that can hold something at or after the key; not valid when none can.</summary>
    public void Seek(ReadOnlySpan<byte> internalKey)
    {
        fixed (byte* key = internalKey)
        {
            int length = internalKey.Length - InternalKey.TrailerSize;
            _ordinal = root.FirstAtOrAfter(key, length, Unsafe.ReadUnaligned<ulong>(key + length));
        }
        if (_partition is null || !Valid)
            return;
        Load();
        Check(_partition.Seek(internalKey));
        if (!_partition.Valid)
            throw Damaged();
    }

    public void Next()
    {
        if (_partition is null)
        {
            _ordinal++;
            return;
        }
        Check(_partition.Next());
        if (!_partition.Valid)
            GoTo(_ordinal + 1, forward: true);
    }

    public void Prev()
    {
        if (_partition is null)
        {
            _ordinal--;
            return;
        }
        Check(_partition.Prev());
        if (!_partition.Valid)
            GoTo(_ordinal - 1, forward: false);
    }

    /// <summary>Lets go of the partition; not valid until the next seek.</summary>
    public void Dispose()
    {
        _ordinal = -1;
        if (!_pin.IsNone)
            _pin.Release();
        _pin = default;
    }

    private void GoTo(int ordinal, bool forward)
    {
        _ordinal = ordinal;
        if (_partition is null || !Valid)
            return;
        Load();
        Check(forward ? _partition.SeekToFirst() : _partition.SeekToLast());
        if (!_partition.Valid)
            throw Damaged();
    }

    private void Load()
    {
        if (!_pin.IsNone)
            _pin.Release();
        _pin = default;
        _pin = file.Pin(root[_ordinal], fillCache);
        _partition!.Reset(_pin.View);
    }

    private void Check(bool whole)
    {
        if (!whole)
            throw Damaged();
    }

    private CorruptionException Damaged() =>
        file.Damaged(root[_ordinal].Offset, "an entry of an index partition does not fit it");
}
