namespace KvStore.Storage;

/// <summary>Compression of table blocks. The numbers are written to disk.</summary>
public enum Compression : byte
{
    None = 0,

    /// <summary>Brotli at quality 1: of the codecs in the class library the one that works on spans and allocates nothing.</summary>
    Brotli = 1,
}

/// <summary>
/// How a store behaves. Immutable once a store has it. All sizes are bytes. Files carry what is needed to read them: every option may
/// differ from one opening to the next.
/// </summary>
public sealed record EngineOptions
{
    /// <summary>Bytes of keys and values in a table's data block before compression. Smaller blocks read less for one key, larger ones
    /// need a smaller index.</summary>
    public int BlockSize { get; init; } = 4096;

    /// <summary>Keys between two restart points (whole keys) of a data block.</summary>
    public int BlockRestartInterval { get; init; } = 16;

    /// <summary>Bits of Bloom filter for each key of a table; 0: no filter.</summary>
    public int BloomBitsPerKey { get; init; } = 10;

    public Compression Compression { get; init; } = Compression.None;

    /// <summary>Bytes of one part of a two-level index. A table whose index would be larger than 16 of them gets the second level; smaller
    /// indexes stay in memory whole while the table is open.</summary>
    public int IndexPartitionSize { get; init; } = 64 * 1024;

    /// <summary>Bytes of table blocks kept in memory.</summary>
    public long BlockCacheBytes { get; init; } = 64L << 20;

    /// <summary>Table files open at one time.</summary>
    public int MaxOpenTables { get; init; } = 1000;
}
