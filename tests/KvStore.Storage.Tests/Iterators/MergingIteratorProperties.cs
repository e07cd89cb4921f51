using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;
using KvStore.Storage.Tests.Tables;

namespace KvStore.Storage.Tests.Iterators;

public sealed class MergingIteratorProperties
{
    [Fact]
    public void Several_sources_walk_as_one_sorted_list() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var files = new TableFiles();
            List<Entry> all = TableEntries.Random(random, random.Next(1, 200));
            TableReader[] tables = [.. Share(all, random.Next(1, 6), random).Select((entries, i) => Table(files, i, entries))];
            using (var merged = new MergingIterator([.. tables.Select(table => table.NewIterator())]))
                merged.WalksLike(all, random, 300);
            Array.ForEach(tables, table => table.Dispose());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_keys_come_in_the_order_of_their_sources_and_back_in_reverse()
    {
        var files = new TableFiles();
        TableReader[] tables =
        [
            .. Enumerable.Range(0, 3).Select(i => Table(files, i, [Entry.Put("a", 1, $"a{i}"), Entry.Put("b", 1, $"b{i}")])),
        ];
        using var merged = new MergingIterator([.. tables.Select(table => table.NewIterator())]);

        string[] forward = [.. merged.Forward().Select(Text)];
        string[] backward = [.. merged.Backward().Select(Text)];

        Assert.Equal(["a0", "a1", "a2", "b0", "b1", "b2"], forward);
        Assert.Equal(Enumerable.Reverse(forward), backward);
        for (int turn = 0; turn < forward.Length; turn++)
        {
            merged.SeekToFirst();
            for (int step = 0; step < turn; step++)
                merged.Next();
            if (turn + 1 < forward.Length)
            {
                merged.Next();
                merged.Prev();
            }
            Assert.Equal(forward[turn], Text(merged.Here()));
            if (turn == 0)
                continue;
            merged.Prev();
            merged.Next();
            Assert.Equal(forward[turn], Text(merged.Here()));
        }
        merged.Dispose();
        Array.ForEach(tables, table => table.Dispose());
    }

    [Fact]
    public void Of_no_sources_it_is_empty()
    {
        using var merged = new MergingIterator([]);
        merged.SeekToFirst();
        Assert.False(merged.Valid);
        merged.SeekToLast();
        Assert.False(merged.Valid);
    }

    private static string Text(Entry entry) => System.Text.Encoding.ASCII.GetString(entry.Value);

    private static IEnumerable<List<Entry>> Share(List<Entry> all, int sources, Random random)
    {
        List<Entry>[] shares = [.. Enumerable.Range(0, sources).Select(_ => new List<Entry>())];
        foreach (Entry entry in all)
            shares[random.Next(sources)].Add(entry);
        return shares.Where(share => share.Count > 0);
    }

    private static TableReader Table(TableFiles files, int number, IEnumerable<Entry> entries)
    {
        files.Write((ulong)number, entries, new EngineOptions { BlockSize = 300, BlockRestartInterval = 4 });
        return files.Open((ulong)number);
    }
}
