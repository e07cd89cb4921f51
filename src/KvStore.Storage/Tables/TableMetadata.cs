using System.Runtime.InteropServices;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>All that opening a table reads: footer, properties, index root, filter and range tombstones.</summary>
internal sealed unsafe class TableMetadata
{
    public required RootIndex Index { get; init; }

    public required int IndexLevels { get; init; }

    public required TableProperties Properties { get; init; }

    public required IReadOnlyList<RangeTombstone> RangeTombstones { get; init; }

    /// <summary>Aligned native memory, or null.</summary>
    public required byte* Filter { get; init; }

    public required uint FilterLines { get; init; }

    public static TableMetadata Read(TableFile file)
    {
        TableFooter footer = ReadFooter(file);
        TableProperties properties = ReadBlock(file, footer.Properties, TableProperties.Read, "properties");
        RangeTombstone[] tombstones = footer.RangeTombstones.IsNone
            ? []
            : ReadBlock(file, footer.RangeTombstones, ReadTombstones, "range tombstones");
        (nint filter, uint lines) = ReadFilter(file, footer.Filter);
        try
        {
            return new TableMetadata
            {
                Index = ReadBlock(file, footer.Index, block => RootIndex.Read(block, file.Length), "index"),
                IndexLevels = footer.IndexLevels,
                Properties = properties,
                RangeTombstones = tombstones,
                Filter = (byte*)filter,
                FilterLines = lines,
            };
        }
        catch
        {
            NativeMemory.AlignedFree((void*)filter);
            throw;
        }
    }

    public static TableFooter ReadFooter(TableFile file)
    {
        if (file.Length < TableFormat.FooterSize)
            throw new UnsupportedFormatException(
                file.Path, "it is too short to be an SSTable (it is foreign, cut off or damaged)");
        Span<byte> footer = stackalloc byte[TableFormat.FooterSize];
        file.ReadExactly(file.Length - TableFormat.FooterSize, footer);
        return TableFooter.Read(footer, file.Path, file.Number, file.Length);
    }

    private static T ReadBlock<T>(TableFile file, BlockLocation location, Func<BlockView, T?> read, string name)
        where T : class
    {
        BlockPin pin = file.Read(location);
        try
        {
            return read(pin.View) ?? throw file.Damaged(location.Offset, $"the block of {name} is malformed");
        }
        finally
        {
            pin.Release();
        }
    }

    private static RangeTombstone[]? ReadTombstones(BlockView block)
    {
        var tombstones = new List<RangeTombstone>();
        var cursor = new BlockCursor();
        cursor.Reset(block);
        bool whole = cursor.SeekToFirst();
        for (; whole && cursor.Valid; whole = cursor.Next())
        {
            if (InternalKey.Kind(cursor.Key) != ValueKind.RangeDelete)
                return null;
            tombstones.Add(new RangeTombstone(
                InternalKey.UserKey(cursor.Key).ToArray(), cursor.Value.ToArray(), InternalKey.Sequence(cursor.Key)));
        }
        return whole ? [.. tombstones] : null;
    }

    private static (nint Filter, uint Lines) ReadFilter(TableFile file, BlockLocation location)
    {
        if (location.IsNone)
            return (0, 0);
        BlockPin pin = file.ReadRaw(location);
        try
        {
            if (pin.Length % BloomFilter.LineSize != 0)
                throw file.Damaged(location.Offset, "the filter is not a whole number of lines");
            void* filter = NativeMemory.AlignedAlloc((nuint)pin.Length, BloomFilter.LineSize);
            NativeMemory.Copy(pin.Start, filter, (nuint)pin.Length);
            return ((nint)filter, (uint)(pin.Length / BloomFilter.LineSize));
        }
        finally
        {
            pin.Release();
        }
    }
}
