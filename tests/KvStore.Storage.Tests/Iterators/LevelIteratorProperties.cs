using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;
using KvStore.Storage.Tests.Tables;

namespace KvStore.Storage.Tests.Iterators;

public sealed class LevelIteratorProperties
{
    [Fact]
    public void The_tables_of_a_level_walk_as_one_sorted_list() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var files = new TableFiles();
            List<Entry> all = TableEntries.Random(random, random.Next(1, 200));
            List<TableInfo> level = [];
            for (int first = 0; first < all.Count;)
            {
                int count = random.Next(1, 40);
                level.Add(files.Write((ulong)level.Count, all.Skip(first).Take(count), TableEntries.Options(random)));
                first += count;
            }

            using (var cache = new TableCache(files, "db", new EngineOptions { MaxOpenTables = 2 }, null))
            {
                using var iterator = new LevelIterator(cache, level);
                iterator.WalksLike(all, random, 300);
            }
            Assert.Equal(0, files.OpenFiles);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Tables_of_range_tombstones_alone_are_passed_over()
    {
        var files = new TableFiles();
        TableInfo[] level =
        [
            files.Write(1, [Entry.Put("a", 1, "1")]),
            files.Write(2, [], rangeTombstones: [new RangeTombstone([(byte)'c'], [(byte)'d'], new SequenceNumber(5))]),
            files.Write(3, [Entry.Put("e", 2, "2")]),
        ];
        using var cache = new TableCache(files, "db", new EngineOptions(), null);
        using var iterator = new LevelIterator(cache, level);

        Assert.Equal(2, iterator.Forward().Count);
        Assert.Equal(2, iterator.Backward().Count);
        iterator.Seek(Entry.Put("c", 9, "").Key);
        Assert.Equal(Entry.Bytes("2"), iterator.Value.ToArray());
    }
}
