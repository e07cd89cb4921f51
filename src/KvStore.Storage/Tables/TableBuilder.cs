using KvStore.Storage.Format;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tables;

/// <summary>
/// Writes one SSTable: entries in order, then the filter, index, range tombstones, properties and footer. Owned by a flush
/// or a compaction; one thread. It neither syncs nor closes the file: the engine does, before the manifest names the table.
///
/// 1. Internal keys ascend strictly; an entry out of order throws and is not added.
/// 2. After <see cref="Finish"/>, or an exception from the file, the builder takes nothing more.
/// </summary>
public sealed class TableBuilder : IDisposable
{
    private const int DataSeparatorSlack = 64;

    private readonly EngineOptions _options;
    private readonly FileNumber _number;
    private readonly TableOutput _output;
    private readonly BlockBuilder _data;
    private readonly BlockBuilder _rangeTombstones = new(1);
    private readonly IndexBuilder _index;
    private readonly BloomFilterBuilder? _filter;
    private readonly TableStatistics _statistics = new();

    private byte[] _lastKey = new byte[256];
    private int _lastLength;        // of the user key; negative before the first entry
    private ulong _lastTrailer;
    private BlockLocation _cutBlock; // written, waits for the next key to know its separator
    private bool _finished;

    public TableBuilder(IWritableFile file, FileNumber number, EngineOptions options)
    {
        _options = options;
        _number = number;
        _output = new TableOutput(file, number);
        _data = new BlockBuilder(options.BlockRestartInterval, pointIndex: true);
        _index = new IndexBuilder(options.IndexPartitionSize);
        _filter = options.BloomBitsPerKey > 0 ? new BloomFilterBuilder(options.BloomBitsPerKey) : null;
        _lastLength = -1;
    }

    /// <summary>About how large the file would be if it were finished now.</summary>
    public long FileSize => _output.Position + _data.Size + _index.EstimatedSize + (_filter?.Size ?? 0);

    public long Entries => _statistics.Entries;

    public long RangeTombstones => _statistics.RangeTombstones;

    /// <summary>Adds the next entry.</summary>
    /// <exception cref="InvalidOperationException">The key is not after the one before it, or the table is finished.</exception>
    public void Add(ReadOnlySpan<byte> internalKey, ReadOnlySpan<byte> value)
    {
        ThrowIfFinished();
        ReadOnlySpan<byte> userKey = InternalKey.UserKey(internalKey);
        ulong trailer = InternalKey.Trailer(internalKey);
        int shared = SharedWithLast(userKey, trailer);
        if (!_cutBlock.IsNone)
            IndexCutBlock(userKey, shared);

        ulong hash = KeyHash.Of(userKey);
        _filter?.Add(hash);
        _data.Add(userKey, trailer, value, BlockSearch.TagOf(hash));
        _statistics.Add(userKey.Length, trailer, value.Length);
        if (_lastLength < 0)
            _statistics.Widen(internalKey, internalKey);
        Remember(userKey, trailer, shared);
        if (_data.Size >= _options.BlockSize)
            CutBlock();
    }

    /// <summary>Adds a range tombstone; they come in the order of <paramref name="begin"/>, newer ones first, independently of
    /// the entries.</summary>
    public void AddRangeTombstone(ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end, SequenceNumber sequence)
    {
        ThrowIfFinished();
        if (begin.SequenceCompareTo(end) >= 0)
            throw new ArgumentException("A range tombstone's end must be after its begin.", nameof(end));
        ulong trailer = InternalKey.Pack(sequence, ValueKind.RangeDelete);
        _rangeTombstones.Add(begin, trailer, end);
        _statistics.AddRangeTombstone(trailer);
        _statistics.Widen(
            InternalKey.ToArray(begin, sequence, ValueKind.RangeDelete),
            InternalKey.ToArray(end, SequenceNumber.Max, ValueKind.RangeDelete));
    }

    /// <summary>Writes what is left.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public TableInfo Finish()
    {
        ThrowIfFinished();
        if (Entries == 0 && RangeTombstones == 0)
            throw new InvalidOperationException("A table must have an entry or a range tombstone.");
        _finished = true;
        FinishData();
        long dataSize = _output.Position;

        BlockLocation filter = WriteFilter();
        long dataBlocks = _index.Count;
        (BlockLocation index, int levels) = _index.Write(_output);
        BlockLocation rangeTombstones = BlockLocation.None;
        if (RangeTombstones > 0)
            rangeTombstones = _output.WriteBlock(_rangeTombstones.Finish(), Compression.None);
        TableProperties properties = _statistics.ToProperties(dataBlocks, dataSize, filter.IsNone ? 0 : _options.BloomBitsPerKey);
        BlockLocation propertiesAt = properties.Write(_output);
        _output.WriteFooter(new TableFooter(_number, index, filter, rangeTombstones, propertiesAt, levels));
        return properties.ToInfo(_number, _output.Position);
    }

    public void Dispose()
    {
        _finished = true;
        _filter?.Dispose();
    }

    // The length of the prefix shared with the last key, found while the order is checked.
    private int SharedWithLast(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        if (_lastLength < 0)
            return 0;
        ReadOnlySpan<byte> last = _lastKey.AsSpan(0, _lastLength);
        int shared = last.CommonPrefixLength(userKey);
        bool ascends = shared == userKey.Length
            ? shared == _lastLength && trailer < _lastTrailer
            : shared == _lastLength || userKey[shared] > last[shared];
        if (!ascends)
            throw new InvalidOperationException("The entries of a table must be added in the order of their internal keys.");
        return shared;
    }

    private void Remember(ReadOnlySpan<byte> userKey, ulong trailer, int shared)
    {
        if (userKey.Length > _lastKey.Length)
            Array.Resize(ref _lastKey, userKey.Length + DataSeparatorSlack);
        userKey[shared..].CopyTo(_lastKey.AsSpan(shared));
        _lastLength = userKey.Length;
        _lastTrailer = trailer;
    }

    private void CutBlock()
    {
        _cutBlock = _output.WriteBlock(_data.Finish(), _options.Compression);
        _data.Reset();
    }

    // Between the last key and the next: as much of the next one as differs from the last, unless that is all of it (a separator
    // must not be a key of the next block) or both are records of one user key.
    private void IndexCutBlock(ReadOnlySpan<byte> next, int shared)
    {
        if (shared + 1 < next.Length)
            _index.Add(next[..(shared + 1)], ulong.MaxValue, _cutBlock);
        else
            _index.Add(_lastKey.AsSpan(0, _lastLength), _lastTrailer, _cutBlock);
        _cutBlock = BlockLocation.None;
    }

    private void FinishData()
    {
        if (_data.Entries > 0)
            CutBlock();
        if (!_cutBlock.IsNone)
            IndexCutBlock(default, 0);
        if (_lastLength >= 0)
        {
            ReadOnlySpan<byte> userKey = _lastKey.AsSpan(0, _lastLength);
            byte[] last = InternalKey.ToArray(userKey, new SequenceNumber(_lastTrailer >> 8), (ValueKind)_lastTrailer);
            _statistics.Widen(last, last);
        }
    }

    private BlockLocation WriteFilter()
    {
        if (_filter is null || _filter.Size == 0)
            return BlockLocation.None;
        var filter = new byte[_filter.Size];
        _filter.WriteTo(filter);
        return _output.WriteBlock(filter, Compression.None);
    }

    private void ThrowIfFinished()
    {
        if (_finished)
            throw new InvalidOperationException("The table is finished.");
    }
}
