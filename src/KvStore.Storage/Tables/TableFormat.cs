namespace KvStore.Storage.Tables;

/// <summary>
/// The numbers of the SSTable format (docs/formats/sstable.md): never change one without a new <see cref="Version"/>.
/// </summary>
internal static class TableFormat
{
    /// <summary>The last eight bytes of every table: the ASCII letters KVSTABLE.</summary>
    public const ulong Magic = 0x454C42415453564B;

    public const uint Version = 1;

    public const int FooterSize = 80;

    /// <summary>Bytes after each block: how it is compressed (1) and its checksum (4).</summary>
    public const int BlockTrailerSize = 5;

    /// <summary>The most bytes of one block's contents; a longer length on disk is damage.</summary>
    public const int MaxBlockSize = 512 << 20;

    /// <summary>Readable bytes that follow a block's contents in memory, so that vectors may be loaded at its last byte; room for
    /// its trailer.</summary>
    public const int BlockPadding = 32;

    /// <summary>A table whose index would be larger than so many partitions gets a second level.</summary>
    public const int OneLevelIndexPartitions = 16;
}
