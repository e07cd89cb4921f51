using System.Buffers.Binary;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class TableDamageSpec
{
    private const ulong Number = 12;

    private readonly TableFiles _files = new();
    private readonly List<Entry> _entries =
        [.. Enumerable.Range(0, 40)
            .Select(i => i % 7 == 3 ? Entry.Delete($"key{i:D3}", 50) : Entry.Put($"key{i:D3}", 50, $"value {i}"))];

    [Theory]
    [InlineData(Compression.None, 64 * 1024)]
    [InlineData(Compression.Brotli, 5)]
    public void Every_flipped_bit_is_found_when_read_and_when_checked(Compression compression, int indexPartitionSize)
    {
        var options = new EngineOptions { BlockSize = 200, Compression = compression, IndexPartitionSize = indexPartitionSize };
        _files.Write(Number, _entries, options, [new RangeTombstone([1], [2], new SequenceNumber(9))]);
        byte[] sound = _files[TableFiles.PathOf(Number)];

        for (int bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] bent = [.. sound];
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            _files[TableFiles.PathOf(Number)] = bent;

            Assert.True(IsRefused(ReadsAllOrNothing), $"bit {bit} was not noticed by reads");
            Assert.True(IsRefused(table => table.Verify()), $"bit {bit} was not noticed by a check");
        }
    }

    [Fact]
    public void Every_shortened_file_is_refused()
    {
        _files.Write(Number, _entries);
        byte[] sound = _files[TableFiles.PathOf(Number)];

        for (int length = 0; length < sound.Length; length++)
        {
            _files[TableFiles.PathOf(Number)] = sound[..length];
            Assert.ThrowsAny<StorageException>(() => _files.Open(Number));
        }
        Assert.Equal(0, _files.OpenFiles);
    }

    [Fact]
    public void A_table_under_another_number_is_refused()
    {
        _files.Write(Number, _entries);
        _files[TableFiles.PathOf(13)] = _files[TableFiles.PathOf(Number)];

        CorruptionException error = Assert.Throws<CorruptionException>(() => _files.Open(13));

        Assert.Contains("that of table 000012, not of table 000013", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_blocks_that_changed_places_are_found()
    {
        List<Entry> entries = [.. Enumerable.Range(0, 100).Select(i => Entry.Put($"key{i:D3}", 50, "value"))];
        _files.Write(Number, entries, new EngineOptions { BlockSize = 100, BlockRestartInterval = 1 });
        byte[] bytes = _files[TableFiles.PathOf(Number)];
        List<BlockLocation> blocks = Blocks();
        Assert.Equal(blocks[3].Size, blocks[4].Size);
        Span<byte> first = bytes.AsSpan((int)blocks[3].Offset, blocks[3].Size + TableFormat.BlockTrailerSize);
        Span<byte> second = bytes.AsSpan((int)blocks[4].Offset, blocks[4].Size + TableFormat.BlockTrailerSize);

        byte[] kept = first.ToArray();
        second.CopyTo(first);
        kept.CopyTo(second);

        using TableReader table = _files.Open(Number);
        CorruptionException error = Assert.Throws<CorruptionException>(table.Verify);
        Assert.Equal(blocks[3].Offset, error.Offset);
        Assert.Equal(TableFiles.PathOf(Number), error.File);
    }

    [Fact]
    public void A_foreign_file_is_refused_by_name()
    {
        _files[TableFiles.PathOf(Number)] = new byte[1000];

        UnsupportedFormatException error = Assert.Throws<UnsupportedFormatException>(() => _files.Open(Number));

        Assert.Contains(TableFiles.PathOf(Number), error.Message, StringComparison.Ordinal);
        Assert.Contains("foreign", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_refused_by_name()
    {
        _files.Write(Number, _entries);
        byte[] bytes = _files[TableFiles.PathOf(Number)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 12), 2);

        UnsupportedFormatException error = Assert.Throws<UnsupportedFormatException>(() => _files.Open(Number));

        Assert.Contains("version 2, and this release reads version 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_compression_is_refused_by_name()
    {
        _files.Write(Number, _entries);
        BlockLocation block = Blocks()[0];
        Rewrite(block, stored => stored[block.Size] = 9);

        using TableReader table = _files.Open(Number);

        Assert.Contains("compression 9", Assert.Throws<UnsupportedFormatException>(table.Verify).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_beyond_its_block_is_damage_and_is_never_allocated()
    {
        // Header of the first entry: shared, suffix, value. Each byte in turn becomes the start of an enormous or a misfitting
        // number.
        _files.Write(Number, _entries);
        BlockLocation block = Blocks()[0];
        byte[] sound = [.. _files[TableFiles.PathOf(Number)]];
        for (int at = 0; at < 3; at++)
        {
            _files[TableFiles.PathOf(Number)] = [.. sound];
            Rewrite(block, stored => stored.Slice(at, 9).Fill(0xFF));
            using TableReader table = _files.Open(Number);

            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<CorruptionException>(table.Verify);
            Assert.Throws<CorruptionException>(() => table.Get(Entry.Bytes("key000"), 100, out _));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100_000)]
    public void A_compressed_block_with_another_length_is_damage(int length)
    {
        _files.Write(Number, _entries, new EngineOptions { Compression = Compression.Brotli });
        BlockLocation block = Blocks()[0];
        Rewrite(block, stored => BinaryPrimitives.WriteInt32LittleEndian(stored, length));

        using TableReader table = _files.Open(Number);

        Assert.Throws<CorruptionException>(table.Verify);
    }

    [Fact]
    public void Restart_points_outside_the_block_are_damage()
    {
        _files.Write(Number, _entries);
        BlockLocation block = Blocks()[0];
        byte[] sound = [.. _files[TableFiles.PathOf(Number)]];
        foreach (int count in new[] { -1, 0, 1000, int.MaxValue })
        {
            _files[TableFiles.PathOf(Number)] = [.. sound];
            Rewrite(block, stored => BinaryPrimitives.WriteInt32LittleEndian(stored[(block.Size - 4)..], count));
            using TableReader table = _files.Open(Number);
            Assert.Throws<CorruptionException>(table.Verify);
        }
    }

    private List<BlockLocation> Blocks()
    {
        using TableReader table = _files.Open(Number);
        var blocks = new List<BlockLocation>();
        IndexCursor index = table.NewIndexCursor(fillCache: false);
        for (index.SeekToFirst(); index.Valid; index.Next())
            blocks.Add(index.Block);
        index.Dispose();
        return blocks;
    }

    // Changes a block and makes its checksum match, as a writer with a fault would.
    private void Rewrite(BlockLocation block, RewriteBlock change)
    {
        Span<byte> stored = _files[TableFiles.PathOf(Number)].AsSpan(
            (int)block.Offset, block.Size + TableFormat.BlockTrailerSize);
        change(stored);
        uint checksum = BlockCodec.Checksum(stored[..(block.Size + 1)], new FileNumber(Number), block.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(stored[(block.Size + 1)..], checksum);
    }

    private delegate void RewriteBlock(Span<byte> stored);

    private bool IsRefused(Action<TableReader> use)
    {
        try
        {
            using TableReader table = _files.Open(Number);
            use(table);
            return false;
        }
        catch (Exception refused) when (refused is CorruptionException or UnsupportedFormatException)
        {
            return true;
        }
    }

    // Any answer that it gives before damage stops it must be the right one.
    private void ReadsAllOrNothing(TableReader table)
    {
        foreach (Entry entry in _entries)
        {
            LookupState state = table.Get(InternalKey.UserKey(entry.Key).ToArray(), 100, out byte[]? value);
            Assert.Equal(InternalKey.Kind(entry.Key) == ValueKind.Delete ? LookupState.Deleted : LookupState.Found, state);
            Assert.Equal(state == LookupState.Found ? entry.Value : null, value);
        }

        using InternalIterator iterator = table.NewIterator();
        int at = 0;
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next(), at++)
            Assert.Equal(_entries[at].Value, iterator.Value.ToArray());
        Assert.Equal(_entries.Count, at);
    }
}
