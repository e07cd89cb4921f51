using System.Buffers.Binary;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// The last 80 bytes of a table: where its blocks of meta data are, whose they are, and what wrote them. A location of size 0
/// stands for "no such block". The version and the magic number keep their places in every version of the format.
/// </summary>
internal readonly record struct TableFooter(
    FileNumber Number,
    BlockLocation Index,
    BlockLocation Filter,
    BlockLocation RangeTombstones,
    BlockLocation Properties,
    int IndexLevels)
{
    private const int NumberAt = 0;
    private const int IndexAt = 8;
    private const int FilterAt = 20;
    private const int RangeTombstonesAt = 32;
    private const int PropertiesAt = 44;
    private const int IndexLevelsAt = 56;
    private const int ChecksumAt = 64;
    private const int VersionAt = 68;
    private const int MagicAt = 72;

    public void Write(Span<byte> footer)
    {
        footer = footer[..TableFormat.FooterSize];
        footer.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(footer[NumberAt..], Number.Value);
        WriteLocation(footer[IndexAt..], Index);
        WriteLocation(footer[FilterAt..], Filter);
        WriteLocation(footer[RangeTombstonesAt..], RangeTombstones);
        WriteLocation(footer[PropertiesAt..], Properties);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[IndexLevelsAt..], (ulong)IndexLevels);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[ChecksumAt..], Crc32C.Mask(Crc32C.Of(footer[..ChecksumAt])));
        BinaryPrimitives.WriteUInt32LittleEndian(footer[VersionAt..], TableFormat.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[MagicAt..], TableFormat.Magic);
    }

    /// <summary>Reads and checks the footer of the table <paramref name="number"/>, whose file is so many bytes long.</summary>
    /// <exception cref="UnsupportedFormatException">No table of ours, or of a newer version.</exception>
    /// <exception cref="CorruptionException">A table of ours, but damaged or another one.</exception>
    public static TableFooter Read(ReadOnlySpan<byte> footer, string path, FileNumber number, long fileSize)
    {
        long offset = fileSize - TableFormat.FooterSize;
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer[MagicAt..]) != TableFormat.Magic)
            throw new UnsupportedFormatException(
                path, "it does not end as an SSTable of this store does (it is foreign, cut off or damaged)");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(footer[VersionAt..]);
        if (version != TableFormat.Version)
            throw new UnsupportedFormatException(
                path, $"it says SSTable format version {version}, and this release reads version {TableFormat.Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(footer[ChecksumAt..]) != Crc32C.Mask(Crc32C.Of(footer[..ChecksumAt])))
            throw new CorruptionException(path, offset, "the footer's checksum does not match");

        var found = new FileNumber(BinaryPrimitives.ReadUInt64LittleEndian(footer[NumberAt..]));
        if (found != number)
            throw new CorruptionException(path, offset, $"the footer is that of table {found}, not of table {number}");
        var read = new TableFooter(
            found,
            ReadLocation(footer[IndexAt..]),
            ReadLocation(footer[FilterAt..]),
            ReadLocation(footer[RangeTombstonesAt..]),
            ReadLocation(footer[PropertiesAt..]),
            (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(footer[IndexLevelsAt..])));
        if (!read.Index.FitsBefore(offset) || !read.Filter.FitsBefore(offset) || !read.RangeTombstones.FitsBefore(offset)
            || !read.Properties.FitsBefore(offset) || read.Properties.IsNone || read.Index.IsNone
            || read.IndexLevels is not (1 or 2))
            throw new CorruptionException(path, offset, "the footer points outside the file");
        return read;
    }

    private static void WriteLocation(Span<byte> destination, BlockLocation location)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, location.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], location.Size);
    }

    private static BlockLocation ReadLocation(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(source), BinaryPrimitives.ReadInt32LittleEndian(source[8..]));
}
