using System.Runtime.InteropServices;

namespace KvStore.Storage.Tables;

/// <summary>
/// Gathers the index of a table under construction: for each data block a separator (an internal key at or after all of the
/// block's and before all of the next one's) and where the block is. Written as one block, or, where that would be large, as
/// partitions and a block that leads to them in the same way. Owned by one <see cref="TableBuilder"/>.
/// </summary>
internal sealed class IndexBuilder(int partitionSize)
{
    // The root is taken apart when a table is opened, partitions are searched in place.
    private const int RootRestartInterval = 16;
    private const int PartitionRestartInterval = 4;
    private const int EntryOverhead = 16;

    private readonly List<Entry> _entries = [];
    private byte[] _keys = new byte[4096];
    private int _keysLength;

    public int Count => _entries.Count;

    /// <summary>About so many bytes will be written.</summary>
    public long EstimatedSize => _keysLength + (long)_entries.Count * EntryOverhead;

    public void Add(ReadOnlySpan<byte> separator, ulong trailer, BlockLocation block)
    {
        int end = checked(_keysLength + separator.Length);
        if (end > _keys.Length)
            Array.Resize(ref _keys, Math.Max(end, _keys.Length * 2));
        separator.CopyTo(_keys.AsSpan(_keysLength));
        _entries.Add(new Entry(_keysLength, separator.Length, trailer, block));
        _keysLength = end;
    }

    /// <summary>Writes the index.</summary>
    /// <returns>Where its root is, and how many levels it has.</returns>
    public (BlockLocation Root, int Levels) Write(TableOutput output)
    {
        ReadOnlySpan<Entry> entries = CollectionsMarshal.AsSpan(_entries);
        if (EstimatedSize <= (long)partitionSize * TableFormat.OneLevelIndexPartitions)
            return (WriteEntries(output, entries, RootRestartInterval), 1);

        var root = new IndexBuilder(partitionSize);
        int first = 0, bytes = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            bytes += entries[i].KeyLength + EntryOverhead;
            if (bytes < partitionSize && i + 1 < entries.Length)
                continue;
            BlockLocation partition = WriteEntries(output, entries[first..(i + 1)], PartitionRestartInterval);
            root.Add(KeyOf(entries[i]), entries[i].Trailer, partition);
            (first, bytes) = (i + 1, 0);
        }
        return (root.WriteEntries(output, CollectionsMarshal.AsSpan(root._entries), RootRestartInterval), 2);
    }

    private BlockLocation WriteEntries(TableOutput output, ReadOnlySpan<Entry> entries, int restartInterval)
    {
        var block = new BlockBuilder(restartInterval);
        Span<byte> location = stackalloc byte[BlockLocation.MaxEncodedSize];
        foreach (Entry entry in entries)
        {
            int size = entry.Block.Write(location);
            block.Add(KeyOf(entry), entry.Trailer, location[..size]);
        }
        return output.WriteBlock(block.Finish(), Compression.None);
    }

    private ReadOnlySpan<byte> KeyOf(Entry entry) => _keys.AsSpan(entry.KeyAt, entry.KeyLength);

    private readonly record struct Entry(int KeyAt, int KeyLength, ulong Trailer, BlockLocation Block);
}
