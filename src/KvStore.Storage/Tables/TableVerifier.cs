using System.Runtime.CompilerServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// Reads a whole table from the disk, not from the cache, and checks that everything in it agrees: checksums, the order of keys,
/// separators, that blocks follow one another, the filter, and the properties.
/// </summary>
internal sealed unsafe class TableVerifier(TableFile file, TableReader table)
{
    private readonly TableStatistics _statistics = new();
    private readonly BlockCursor _cursor = new();
    private byte[]? _last;
    private long _blocks;

    public void Run()
    {
        CheckMetadata();
        long end = 0;
        IndexCursor index = table.NewIndexCursor(fillCache: false);
        try
        {
            for (index.SeekToFirst(); index.Valid; index.Next())
            {
                BlockLocation location = index.Block;
                if (location.Offset != end)
                    throw file.Damaged(end, $"the next data block should begin here, but the index says at {location.Offset}");
                CheckBlock(location, index.Separator);
                end = location.End;
                _blocks++;
            }
        }
        finally
        {
            index.Dispose();
        }
        CheckProperties(end);
    }

    // The parts read at opening may have changed on the disk since.
    private void CheckMetadata()
    {
        TableMetadata again = TableMetadata.Read(file);
        again.Index.Dispose();
        System.Runtime.InteropServices.NativeMemory.AlignedFree(again.Filter);
    }

    private void CheckBlock(BlockLocation location, ReadOnlySpan<byte> separator)
    {
        if (_last is not null && InternalKey.Compare(_last, separator) > 0)
            throw file.Damaged(location.Offset, "the index is not in order");
        BlockPin pin = file.Read(location);
        try
        {
            _cursor.Reset(pin.View);
            bool whole = _cursor.SeekToFirst();
            if (whole && !_cursor.Valid)
                throw file.Damaged(location.Offset, "a data block is empty");
            for (; whole && _cursor.Valid; whole = _cursor.Next())
                CheckEntry(location, separator, pin.View);
            if (!whole)
                throw file.Damaged(location.Offset, "an entry of the block does not fit it");
        }
        finally
        {
            pin.Release();
        }
    }

    private void CheckEntry(BlockLocation location, ReadOnlySpan<byte> separator, BlockView block)
    {
        ReadOnlySpan<byte> key = _cursor.Key;
        if (_last is not null && InternalKey.Compare(_last, key) >= 0)
            throw file.Damaged(location.Offset, $"entry {_statistics.Entries} of the table is not after the one before it");
        if (InternalKey.Compare(key, separator) > 0)
            throw file.Damaged(location.Offset, "the block holds a key beyond its separator in the index");
        if (!table.MayContain(InternalKey.UserKey(key)))
            throw file.Damaged(location.Offset, "the filter rules out a key that the block holds");
        if (!IsFoundAsPoint(block, key))
            throw file.Damaged(location.Offset, "the block's index of points does not lead to a key that the block holds");
        if (InternalKey.Kind(key) is not (ValueKind.Put or ValueKind.Delete))
            throw file.Damaged(location.Offset, $"an entry has kind {(byte)InternalKey.Kind(key)}, which a table does not hold");

        _statistics.Add(key.Length - InternalKey.TrailerSize, InternalKey.Trailer(key), _cursor.Value.Length);
        if (_last is null || _last.Length != key.Length)
            _last = new byte[key.Length];
        key.CopyTo(_last);
        if (_statistics.Entries == 1)
            _statistics.Widen(key, key);
    }

    private bool IsFoundAsPoint(BlockView block, ReadOnlySpan<byte> internalKey)
    {
        fixed (byte* key = internalKey)
        {
            int length = internalKey.Length - InternalKey.TrailerSize;
            BlockMatch match = BlockSearch.FindPoint(
                block, key, length, InternalKey.Trailer(internalKey), KeyHash.Of(key, length), out BlockEntry entry);
            return match == BlockMatch.SameKey && new ReadOnlySpan<byte>(entry.Value, entry.ValueLength) == _cursor.Value;
        }
    }

    private void CheckProperties(long dataSize)
    {
        if (_last is not null)
            _statistics.Widen(_last, _last);
        foreach (RangeTombstone tombstone in table.RangeTombstones)
        {
            _statistics.AddRangeTombstone(InternalKey.Pack(tombstone.Sequence, ValueKind.RangeDelete));
            _statistics.Widen(
                InternalKey.ToArray(tombstone.Begin, tombstone.Sequence, ValueKind.RangeDelete),
                InternalKey.ToArray(tombstone.End, SequenceNumber.Max, ValueKind.RangeDelete));
        }

        TableProperties counted = _statistics.ToProperties(_blocks, dataSize, (int)table.Properties.FilterBitsPerKey);
        foreach (((string name, ulong said, byte[]? saidBytes), (_, ulong found, byte[]? foundBytes))
            in table.Properties.Fields().Zip(counted.Fields()))
            if (said != found || !saidBytes.AsSpan().SequenceEqual(foundBytes))
                throw file.Damaged(file.Length, $"the table's property {name} does not say what the table holds");
    }
}
