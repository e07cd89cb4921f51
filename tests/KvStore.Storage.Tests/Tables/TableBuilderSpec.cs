using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class TableBuilderSpec
{
    private readonly TableFiles _files = new();

    [Theory]
    [InlineData("b", 5UL)]
    [InlineData("a", 9UL)]
    [InlineData("b", 6UL)]
    [InlineData("", 1UL)]
    public void An_entry_that_does_not_ascend_is_refused_and_not_added(string key, ulong sequence)
    {
        using var builder = new TableBuilder(_files.Create("db/x"), new FileNumber(1), new EngineOptions());
        builder.Add(Entry.Put("b", 5, "").Key, []);

        Assert.Throws<InvalidOperationException>(() => builder.Add(Entry.Put(key, sequence, "").Key, []));

        Assert.Equal(1, builder.Entries);
    }

    [Fact]
    public void A_table_of_nothing_is_refused()
    {
        using var builder = new TableBuilder(_files.Create("db/x"), new FileNumber(1), new EngineOptions());

        Assert.Throws<InvalidOperationException>(() => builder.Finish());
    }

    [Fact]
    public void A_finished_table_takes_nothing_more()
    {
        using var builder = new TableBuilder(_files.Create("db/x"), new FileNumber(1), new EngineOptions());
        builder.Add(Entry.Put("b", 5, "").Key, []);
        builder.Finish();

        Assert.Throws<InvalidOperationException>(() => builder.Add(Entry.Put("c", 6, "").Key, []));
        Assert.Throws<InvalidOperationException>(() => builder.Finish());
    }

    [Fact]
    public void A_table_may_hold_range_tombstones_alone()
    {
        RangeTombstone[] tombstones = [Tombstone("a", "c", 9), Tombstone("a", "b", 3), Tombstone("x", "z", 4)];
        TableInfo info = _files.Write(3, [], rangeTombstones: tombstones);

        using TableReader table = _files.Open(3);
        using InternalIterator iterator = table.NewIterator();
        iterator.SeekToFirst();

        Assert.False(iterator.Valid);
        Assert.Equal(LookupState.Absent, table.Get(Entry.Bytes("a"), 100, out _));
        Assert.Equal(["a-c 9", "a-b 3", "x-z 4"], table.RangeTombstones.Select(Text));
        Assert.Equal(InternalKey.ToArray("a"u8, new SequenceNumber(9), ValueKind.RangeDelete), info.Smallest);
        Assert.Equal(InternalKey.ToArray("z"u8, SequenceNumber.Max, ValueKind.RangeDelete), info.Largest);
        Assert.Equal(3, info.RangeTombstones);
        table.Verify();
    }

    [Fact]
    public void Range_tombstones_widen_what_the_table_spans()
    {
        TableInfo info = _files.Write(
            3, [Entry.Put("m", 5, "v"), Entry.Delete("n", 6)], rangeTombstones: [Tombstone("b", "y", 2)]);

        Assert.Equal("b", System.Text.Encoding.ASCII.GetString(InternalKey.UserKey(info.Smallest)));
        Assert.Equal("y", System.Text.Encoding.ASCII.GetString(InternalKey.UserKey(info.Largest)));
        Assert.Equal((2UL, 6UL), (info.SmallestSequence.Value, info.LargestSequence.Value));
    }

    [Fact]
    public void A_range_tombstone_that_ends_before_it_begins_is_refused()
    {
        using var builder = new TableBuilder(_files.Create("db/x"), new FileNumber(1), new EngineOptions());

        Assert.Throws<ArgumentException>(() => builder.AddRangeTombstone("b"u8, "b"u8, new SequenceNumber(1)));
        Assert.Equal(0, builder.RangeTombstones);
    }

    [Fact]
    public void A_value_of_a_mebibyte_gets_a_block_of_its_own()
    {
        string large = new('x', 1 << 20);
        _files.Write(3, [Entry.Put("a", 1, "1"), Entry.Put("b", 2, large), Entry.Put("c", 3, "3")]);

        using TableReader table = _files.Open(3);

        Assert.Equal(LookupState.Found, table.Get(Entry.Bytes("b"), 100, out byte[]? value));
        Assert.Equal(1 << 20, value!.Length);
        table.Verify();
    }

    [Fact]
    public void Compression_shrinks_what_repeats_and_leaves_the_rest()
    {
        var random = new Random(1);
        IEnumerable<Entry> Table(Func<string> value) => Enumerable.Range(0, 500).Select(i => Entry.Put($"{i:D6}", 1, value()));
        var brotli = new EngineOptions { Compression = Compression.Brotli };
        string Noise() => new([.. Enumerable.Range(0, 100).Select(_ => (char)random.Next(256))]);

        long repeated = _files.Write(1, Table(() => new string('x', 100)), brotli).FileSize;
        TableInfo noise = _files.Write(2, Table(Noise), brotli);

        Assert.InRange(repeated, 1, 15_000);
        Assert.InRange(noise.FileSize, noise.RawBytes * 9 / 10, noise.RawBytes * 11 / 10);
    }

    [Fact]
    public void The_estimated_size_is_near_the_size_of_the_file()
    {
        using var builder = new TableBuilder(_files.Create("db/x"), new FileNumber(1), new EngineOptions());
        for (int i = 0; i < 20_000; i++)
            builder.Add(Entry.Put($"{i:D16}", 1, "").Key, new byte[100]);

        long estimate = builder.FileSize;
        long size = builder.Finish().FileSize;

        Assert.InRange(estimate, size * 98 / 100, size * 102 / 100);
    }

    private static RangeTombstone Tombstone(string begin, string end, ulong sequence) =>
        new(Entry.Bytes(begin), Entry.Bytes(end), new SequenceNumber(sequence));

    private static string Text(RangeTombstone t) =>
        $"{System.Text.Encoding.ASCII.GetString(t.Begin)}-{System.Text.Encoding.ASCII.GetString(t.End)} {t.Sequence}";
}
