using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Vfs;

namespace KvStore.Storage.Tables;

/// <summary>
/// One open SSTable. Its filter and the root of its index stay in memory; other blocks come through the block cache. Immutable;
/// any number of threads at once. Owned by the <see cref="TableCache"/>, which disposes it when nobody reads from it.
/// </summary>
public sealed unsafe class TableReader : IDisposable
{
    private readonly TableFile _file;
    private readonly RootIndex _index;
    private readonly int _indexLevels;
    private readonly byte* _filter;
    private readonly uint _filterLines;

    private TableReader(TableFile file, TableMetadata metadata)
    {
        _file = file;
        _index = metadata.Index;
        _indexLevels = metadata.IndexLevels;
        _filter = metadata.Filter;
        _filterLines = metadata.FilterLines;
        Properties = metadata.Properties;
        Info = metadata.Properties.ToInfo(file.Number, file.Length);
        RangeTombstones = metadata.RangeTombstones;
    }

    /// <summary>What the file says of itself, as the engine's manifest would.</summary>
    public TableInfo Info { get; }

    /// <summary>In the order of their begins, newer ones first.</summary>
    public IReadOnlyList<RangeTombstone> RangeTombstones { get; }

    /// <summary>Bytes of filter and index that are in memory while the table is open.</summary>
    public long MemorySize => _index.MemorySize + (long)_filterLines * BloomFilter.LineSize;

    internal TableProperties Properties { get; }

    /// <summary>Opens the table <paramref name="number"/>. Options do not matter for reading: the file says what is
    /// needed.</summary>
    /// <exception cref="CorruptionException">The footer, index, filter, tombstones or properties are damaged.</exception>
    /// <exception cref="UnsupportedFormatException">The file is no SSTable of ours, or of a newer version.</exception>
    public static TableReader Open(IFileSystem fileSystem, string path, FileNumber number, BlockCache? cache)
    {
        var file = new TableFile(fileSystem.OpenRead(path), number, cache);
        try
        {
            return new TableReader(file, TableMetadata.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Looks for the newest entry of a user key that a read may see. No allocation; one atomic pin and release of a cached block.
    /// </summary>
    /// <param name="lookupKey">An internal key of kind <see cref="ValueKind.Lookup"/>.</param>
    /// <param name="coveredBelow">An entry with a lower sequence number counts as deleted: a newer range tombstone covers
    /// it.</param>
    /// <param name="sink">Gets the value when there is one.</param>
    /// <param name="cachedOnly">Answer <see cref="LookupState.NotCached"/> rather than read a block from the disk.</param>
    public LookupState Get<TSink>(
        scoped ReadOnlySpan<byte> lookupKey, SequenceNumber coveredBelow, ref TSink sink, bool cachedOnly = false)
        where TSink : struct, IValueSink, allows ref struct
    {
        fixed (byte* key = lookupKey)
        {
            int length = lookupKey.Length - InternalKey.TrailerSize;
            ulong hash = KeyHash.Of(key, length);
            if (_filterLines != 0 && !BloomFilter.MayContain(_filter, _filterLines, hash))
                return LookupState.Absent;
            ulong trailer = Unsafe.ReadUnaligned<ulong>(key + length);
            int ordinal = _index.FirstAtOrAfter(key, length, trailer);
            if (ordinal == _index.Count)
                return LookupState.Absent;
            IndexedBlock* indexed = _index.Block(ordinal);
            BlockLocation location = indexed->Location;
            if (_indexLevels == 2)
            {
                LookupState inPartition = FindInPartition(key, length, trailer, cachedOnly, ref location);
                if (inPartition != LookupState.Found)
                    return inPartition;
            }

            BlockPin pin;
            if (!cachedOnly)
                pin = _indexLevels == 1 ? _file.Pin(indexed, fillCache: true) : _file.Pin(location, fillCache: true);
            else if (!(_indexLevels == 1 ? _file.TryPinCached(indexed, out pin) : _file.TryPinCached(location, out pin)))
                return LookupState.NotCached;
            try
            {
                BlockMatch match = BlockSearch.FindPoint(pin.View, key, length, trailer, hash, out BlockEntry entry);
                if (match != BlockMatch.SameKey)
                    return match != BlockMatch.Damaged ? LookupState.Absent : throw Misfit(location);
                ulong found = entry.Trailer;
                if (found >> 8 < coveredBelow.Value || (ValueKind)(byte)found != ValueKind.Put)
                    return LookupState.Deleted;
                sink.Accept(new ReadOnlySpan<byte>(entry.Value, entry.ValueLength));
                return LookupState.Found;
            }
            finally
            {
                pin.Release();
            }
        }
    }

    /// <summary>False when the Bloom filter rules the key out. Range tombstones are not considered.</summary>
    public bool MayContain(ReadOnlySpan<byte> userKey) =>
        _filterLines == 0 || BloomFilter.MayContain(_filter, _filterLines, KeyHash.Of(userKey));

    /// <summary>A cursor over all entries. The caller keeps the table open until it is disposed.</summary>
    /// <param name="fillCache">Whether blocks that it had to read stay in the cache.</param>
    /// <param name="sequential">For reading all of it: large pieces of the file, passing the cache by.</param>
    public InternalIterator NewIterator(bool fillCache = true, bool sequential = false) =>
        new TableIterator(_file, _index, _indexLevels, fillCache, sequential);

    /// <summary>About how many bytes of the file lie before a key.</summary>
    public long ApproximateOffset(ReadOnlySpan<byte> userKey)
    {
        IndexCursor cursor = NewIndexCursor(fillCache: true);
        cursor.Seek(InternalKey.ToArray(userKey, SequenceNumber.Max, ValueKind.Lookup));
        long offset = cursor.Valid ? cursor.Block.Offset : Properties.DataSize;
        cursor.Dispose();
        return offset;
    }

    /// <summary>Reads every block from the disk and compares all that the table says with all that it holds.</summary>
    /// <exception cref="CorruptionException">Something does not fit; it names file and offset.</exception>
    public void Verify() => new TableVerifier(_file, this).Run();

    public void Dispose()
    {
        _index.Dispose();
        NativeMemory.AlignedFree(_filter);
        _file.Dispose();
    }

    internal IndexCursor NewIndexCursor(bool fillCache) => new(_file, _index, _indexLevels, fillCache);

    // From the location of an index partition to that of the data block which holds the key if the table does.
    private LookupState FindInPartition(byte* key, int length, ulong trailer, bool cachedOnly, ref BlockLocation location)
    {
        BlockPin pin;
        if (!cachedOnly)
            pin = _file.Pin(location, fillCache: true);
        else if (!_file.TryPinCached(location, out pin))
            return LookupState.NotCached;
        try
        {
            BlockMatch match = BlockSearch.Find(pin.View, key, length, trailer, out BlockEntry entry);
            if (match is BlockMatch.None)
                return LookupState.Absent;
            var value = new ReadOnlySpan<byte>(entry.Value, entry.ValueLength);
            if (match == BlockMatch.Damaged || !BlockLocation.TryRead(value, _file.Length, out BlockLocation block))
                throw Misfit(location);
            location = block;
            return LookupState.Found;
        }
        finally
        {
            pin.Release();
        }
    }

    private CorruptionException Misfit(BlockLocation location) =>
        _file.Damaged(location.Offset, "an entry of the block does not fit it");
}
