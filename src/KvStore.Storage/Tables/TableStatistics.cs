using KvStore.Storage.Format;

namespace KvStore.Storage.Tables;

/// <summary>Counts what goes into a table under construction, or what a check of a table comes past.</summary>
internal sealed class TableStatistics
{
    private long _tombstones;
    private long _rawKeyBytes;
    private long _rawValueBytes;
    private ulong _smallestSequence = ulong.MaxValue;
    private ulong _largestSequence;
    private byte[]? _smallest;
    private byte[]? _largest;

    public long Entries { get; private set; }

    public long RangeTombstones { get; private set; }

    public void Add(int keyLength, ulong trailer, int valueLength)
    {
        Entries++;
        if ((ValueKind)(byte)trailer == ValueKind.Delete)
            _tombstones++;
        _rawKeyBytes += keyLength + InternalKey.TrailerSize;
        _rawValueBytes += valueLength;
        WidenSequences(trailer);
    }

    public void AddRangeTombstone(ulong trailer)
    {
        RangeTombstones++;
        WidenSequences(trailer);
    }

    /// <summary>Takes in that the table reaches from one internal key to another.</summary>
    public void Widen(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (_smallest is null || InternalKey.Compare(from, _smallest) < 0)
            _smallest = from.ToArray();
        if (_largest is null || InternalKey.Compare(to, _largest) > 0)
            _largest = to.ToArray();
    }

    public TableProperties ToProperties(long dataBlocks, long dataSize, int filterBitsPerKey) => new()
    {
        DataBlocks = dataBlocks,
        DataSize = dataSize,
        Entries = Entries,
        Tombstones = _tombstones,
        RangeTombstones = RangeTombstones,
        RawKeyBytes = _rawKeyBytes,
        RawValueBytes = _rawValueBytes,
        SmallestSequence = _smallestSequence,
        LargestSequence = _largestSequence,
        Smallest = _smallest ?? [],
        Largest = _largest ?? [],
        FilterBitsPerKey = filterBitsPerKey,
    };

    private void WidenSequences(ulong trailer)
    {
        _smallestSequence = Math.Min(_smallestSequence, trailer >> 8);
        _largestSequence = Math.Max(_largestSequence, trailer >> 8);
    }
}
