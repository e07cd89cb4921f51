using KvStore.Storage.Compactions;
using KvStore.Storage.Format;
using KvStore.Storage.Manifests;

namespace KvStore.Storage.Tests.Compactions;

public class CompactionPickerSpec
{
    private static readonly EngineOptions Options = new() { LevelBaseBytes = 4096, LevelMultiplier = 10,
        Level0CompactionTrigger = 2 };
    private static readonly HashSet<FileNumber> None = [];
    private ulong _number;

    [Fact]
    public void Nothing_is_picked_while_every_level_is_within_its_size() =>
        Assert.Null(Pick(Set((0, "a", "m", 100), (1, "a", "z", 4000))));

    [Fact]
    public void Level_0_takes_the_oldest_and_all_that_overlap_it_and_what_lies_below()
    {
        Compaction picked = Pick(
            Set((0, "a", "f", 10), (0, "e", "k", 10), (0, "x", "z", 10), (1, "b", "c", 10), (1, "m", "n", 10)))!;
        Assert.Equal((0, 1, 2, 1), (picked.Level, picked.OutputLevel, picked.Inputs.Length, picked.Overlapped.Length));
    }

    [Fact]
    public void A_table_that_overlaps_nothing_is_moved()
    {
        Compaction picked = Pick(Set((0, "a", "b", 10), (0, "x", "z", 10), (1, "m", "n", 10)))!;
        Assert.Equal(CompactionKind.Move, picked.Kind);
        Assert.Equal("a", Smallest(picked.Inputs[0]));
    }

    [Fact]
    public void Of_a_level_too_large_the_table_goes_that_drags_the_fewest_bytes_along()
    {
        Compaction picked = Pick(Set((1, "a", "f", 3000), (1, "g", "k", 3000), (2, "a", "f", 9000), (2, "g", "h", 100)))!;
        Assert.Equal("g", Smallest(picked.Inputs[0]));
        Assert.Equal(2, picked.OutputLevel);
    }

    [Fact]
    public void A_busy_table_is_left_alone()
    {
        TableSet tables = Set((1, "a", "f", 3000), (1, "g", "k", 3000), (2, "g", "h", 100));
        HashSet<FileNumber> busy = [tables.Levels[2][0].Number];
        Assert.Equal("a", Smallest(CompactionPicker.Pick(tables, Options, busy, SequenceNumber.Max)!.Inputs[0]));
    }

    [Fact]
    public void A_table_of_tombstones_is_compacted_once_no_snapshot_needs_them()
    {
        TableSet tables = Set((1, "a", "f", 100, 60), (2, "a", "z", 100, 0));
        Assert.Equal(1, CompactionPicker.Pick(tables, Options, None, SequenceNumber.Max)!.Level);
        Assert.Null(CompactionPicker.Pick(tables, Options, None, SequenceNumber.Zero));
    }

    [Fact]
    public void Tables_under_a_newer_range_tombstone_are_dropped_unless_a_snapshot_sees_them()
    {
        TableSet tables = Set((1, "b", "d", 100), (1, "e", "p", 100));
        RangeTombstone[] tombstones = [new("a"u8.ToArray(), "m"u8.ToArray(), new SequenceNumber(1000))];
        Compaction[] dropped = CompactionPicker.PickCovered(tables, tombstones, None, [new SequenceNumber(2000)]);
        Assert.Equal("b", Smallest(Assert.Single(Assert.Single(dropped).Inputs)));
        Assert.Empty(CompactionPicker.PickCovered(tables, tombstones, None, [new SequenceNumber(500), new SequenceNumber(2000)]));
    }

    private static Compaction? Pick(TableSet tables) => CompactionPicker.Pick(tables, Options, None, SequenceNumber.Max);

    private static string Smallest(TableInfo table) => System.Text.Encoding.ASCII.GetString(InternalKey.UserKey(table.Smallest));

    private TableSet Set(params (int Level, string From, string To, long Size)[] tables) =>
        Set([.. tables.Select(table => (table.Level, table.From, table.To, table.Size, 0L))]);

    private TableSet Set(params (int Level, string From, string To, long Size, long Tombstones)[] tables)
    {
        var edit = new ManifestEdit();
        foreach ((int level, string from, string to, long size, long tombstones) in tables)
        {
            ulong number = ++_number;
            edit.Added.Add((level, new TableInfo
            {
                Number = new FileNumber(number),
                FileSize = size,
                Smallest = InternalKey.ToArray(
                    System.Text.Encoding.ASCII.GetBytes(from), new SequenceNumber(number), ValueKind.Put),
                Largest = InternalKey.ToArray(System.Text.Encoding.ASCII.GetBytes(to), new SequenceNumber(number), ValueKind.Put),
                SmallestSequence = new SequenceNumber(number),
                LargestSequence = new SequenceNumber(number),
                Entries = 100,
                Tombstones = tombstones,
                RangeTombstones = 0,
                RawBytes = size,
            }));
        }

        return TableSet.Empty.With(edit);
    }
}
