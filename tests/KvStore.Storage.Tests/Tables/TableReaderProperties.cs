using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class TableReaderProperties
{
    [Fact]
    public void Any_sorted_entries_come_back_in_either_direction() =>
        ForAnyTable((_, entries, table) =>
        {
            foreach (bool sequential in new[] { false, true })
            {
                using InternalIterator iterator = table.NewIterator(fillCache: true, sequential);
                AssertSame(entries, iterator.Forward());
                AssertSame(Enumerable.Reverse(entries), iterator.Backward());
            }
        });

    [Fact]
    public void Seeks_and_steps_go_where_they_go_in_a_sorted_list() =>
        ForAnyTable((random, entries, table) =>
        {
            using InternalIterator iterator = table.NewIterator(fillCache: random.Next(2) == 0, sequential: random.Next(4) == 0);
            iterator.WalksLike(entries, random, 200);
        });

    [Fact]
    public void A_get_sees_the_newest_entry_at_its_sequence_number() =>
        ForAnyTable((random, entries, table) =>
        {
            for (int i = 0; i < 200; i++)
            {
                byte[] target = TableEntries.SomeTarget(entries, random);
                byte[] userKey = InternalKey.UserKey(target).ToArray();
                ulong sequence = InternalKey.Sequence(target).Value;
                ulong coveredBelow = random.Next(3) == 0 ? (ulong)random.Next(2000) : 0;
                Entry? newest = entries.Find(e =>
                    InternalKey.UserKey(e.Key).SequenceEqual(userKey) && InternalKey.Sequence(e.Key).Value <= sequence);

                LookupState state = table.Get(userKey, sequence, out byte[]? value, coveredBelow);

                Assert.Equal(Expected(newest, coveredBelow), state);
                Assert.Equal(state == LookupState.Found ? newest!.Value : null, value);
            }
        });

    [Fact]
    public void The_properties_say_what_went_in_and_a_check_finds_nothing() =>
        ForAnyTable((_, entries, table) =>
        {
            Assert.Equal(entries.Count, table.Info.Entries);
            Assert.Equal(entries.Count(e => InternalKey.Kind(e.Key) == ValueKind.Delete), table.Info.Tombstones);
            Assert.Equal(entries[0].Key, table.Info.Smallest);
            Assert.Equal(entries[^1].Key, table.Info.Largest);
            Assert.Equal(entries.Min(e => InternalKey.Sequence(e.Key)), table.Info.SmallestSequence);
            Assert.Equal(entries.Max(e => InternalKey.Sequence(e.Key)), table.Info.LargestSequence);
            Assert.Equal(entries.Sum(e => e.Key.Length + e.Value.Length), table.Info.RawBytes);
            table.Verify();
        });

    [Fact]
    public void Offsets_rise_with_the_keys_and_stay_in_the_file() =>
        ForAnyTable((_, entries, table) =>
        {
            long last = 0;
            foreach (Entry entry in entries)
            {
                long offset = table.ApproximateOffset(InternalKey.UserKey(entry.Key));
                Assert.InRange(offset, last, table.Info.FileSize);
                last = offset;
            }
        });

    private static void ForAnyTable(Action<Random, List<Entry>, TableReader> holds) =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            List<Entry> entries = TableEntries.Random(random, random.Next(1, random.Next(2, 400)));
            var files = new TableFiles();
            TableInfo written = files.Write(7, entries, TableEntries.Options(random));
            using BlockCache? cache = random.Next(3) == 0 ? null : new BlockCache(random.Next(2) == 0 ? 1 << 20 : 3000);
            using (TableReader table = files.Open(7, cache))
            {
                Assert.Equal(written.FileSize, table.Info.FileSize);
                holds(random, entries, table);
            }
            Assert.Equal(0, files.OpenFiles);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(1_000_000));

    private static LookupState Expected(Entry? newest, ulong coveredBelow)
    {
        if (newest is null)
            return LookupState.Absent;
        bool covered = InternalKey.Sequence(newest.Key).Value < coveredBelow;
        return covered || InternalKey.Kind(newest.Key) == ValueKind.Delete ? LookupState.Deleted : LookupState.Found;
    }

    private static void AssertSame(IEnumerable<Entry> expected, IEnumerable<Entry> actual)
    {
        foreach ((Entry want, Entry have) in expected.Zip(actual))
        {
            Assert.Equal(want.Key, have.Key);
            Assert.Equal(want.Value, have.Value);
        }
        Assert.Equal(expected.Count(), actual.Count());
    }
}
