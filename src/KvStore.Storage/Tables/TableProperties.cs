using System.Text;
using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>
/// What a table says of itself, kept in a block of its own as names and values in the order of the names. A reader passes over
/// names that it does not know, so that later releases may add some.
/// </summary>
internal sealed record TableProperties
{
    public long DataBlocks { get; init; }

    /// <summary>Bytes of data blocks with what follows each.</summary>
    public long DataSize { get; init; }

    public long Entries { get; init; }

    /// <summary>Point tombstones among the entries.</summary>
    public long Tombstones { get; init; }

    public long RangeTombstones { get; init; }

    public long RawKeyBytes { get; init; }

    public long RawValueBytes { get; init; }

    public ulong SmallestSequence { get; init; }

    public ulong LargestSequence { get; init; }

    public byte[] Smallest { get; init; } = [];

    public byte[] Largest { get; init; } = [];

    /// <summary>Bits a key of the Bloom filter; 0 when there is none.</summary>
    public long FilterBitsPerKey { get; init; }

    public TableInfo ToInfo(FileNumber number, long fileSize) => new()
    {
        Number = number,
        FileSize = fileSize,
        Smallest = Smallest,
        Largest = Largest,
        SmallestSequence = new SequenceNumber(SmallestSequence),
        LargestSequence = new SequenceNumber(LargestSequence),
        Entries = Entries,
        Tombstones = Tombstones,
        RangeTombstones = RangeTombstones,
        RawBytes = RawKeyBytes + RawValueBytes,
    };

    public BlockLocation Write(TableOutput output)
    {
        var block = new BlockBuilder(1);
        Span<byte> varint = stackalloc byte[Varint.MaxSize];
        foreach ((string name, ulong number, byte[]? bytes) in Fields().OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            block.Add(Encoding.ASCII.GetBytes(name), 0, bytes ?? varint[..Varint.Write(varint, number)]);
        }
        return output.WriteBlock(block.Finish(), Compression.None);
    }

    /// <summary>Reads a block of properties; null when it is malformed.</summary>
    public static TableProperties? Read(BlockView block)
    {
        var numbers = new Dictionary<string, ulong>();
        var bytes = new Dictionary<string, byte[]>();
        var cursor = new BlockCursor();
        cursor.Reset(block);
        bool whole = cursor.SeekToFirst();
        for (; whole && cursor.Valid; whole = cursor.Next())
        {
            string name = Encoding.ASCII.GetString(InternalKey.UserKey(cursor.Key));
            bytes[name] = cursor.Value.ToArray();
            if (Varint.Read(cursor.Value, out ulong number) == cursor.Value.Length)
                numbers[name] = number;
        }

        if (!whole || !bytes.TryGetValue("smallest", out byte[]? smallest) || !bytes.TryGetValue("largest", out byte[]? largest)
            || smallest.Length < InternalKey.TrailerSize || largest.Length < InternalKey.TrailerSize)
            return null;
        return new TableProperties
        {
            DataBlocks = (long)numbers.GetValueOrDefault("data-blocks"),
            DataSize = (long)numbers.GetValueOrDefault("data-size"),
            Entries = (long)numbers.GetValueOrDefault("entries"),
            Tombstones = (long)numbers.GetValueOrDefault("tombstones"),
            RangeTombstones = (long)numbers.GetValueOrDefault("range-tombstones"),
            RawKeyBytes = (long)numbers.GetValueOrDefault("raw-key-bytes"),
            RawValueBytes = (long)numbers.GetValueOrDefault("raw-value-bytes"),
            SmallestSequence = numbers.GetValueOrDefault("smallest-sequence"),
            LargestSequence = numbers.GetValueOrDefault("largest-sequence"),
            Smallest = smallest,
            Largest = largest,
            FilterBitsPerKey = (long)numbers.GetValueOrDefault("filter-bits-per-key"),
        };
    }

    public IEnumerable<(string Name, ulong Number, byte[]? Bytes)> Fields() =>
    [
        ("data-blocks", (ulong)DataBlocks, null),
        ("data-size", (ulong)DataSize, null),
        ("entries", (ulong)Entries, null),
        ("tombstones", (ulong)Tombstones, null),
        ("range-tombstones", (ulong)RangeTombstones, null),
        ("raw-key-bytes", (ulong)RawKeyBytes, null),
        ("raw-value-bytes", (ulong)RawValueBytes, null),
        ("smallest-sequence", SmallestSequence, null),
        ("largest-sequence", LargestSequence, null),
        ("filter-bits-per-key", (ulong)FilterBitsPerKey, null),
        ("smallest", 0, Smallest),
        ("largest", 0, Largest),
    ];
}
