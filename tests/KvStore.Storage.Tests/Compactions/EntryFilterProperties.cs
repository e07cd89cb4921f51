using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Compactions;
using KvStore.Storage.Format;
using KvStore.Storage.Manifests;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Tests.Compactions;

public class EntryFilterProperties
{
    private readonly record struct Entry(byte Key, ulong Sequence, ValueKind Kind, byte End);

    [Fact]
    public void No_snapshot_sees_a_difference_after_filtering() =>
        Prop.ForAll(Histories(), ArbMap.Default.ArbFor<byte>(), (history, cut) =>
        {
            ulong last = (ulong)history.Length;
            SequenceNumber[] snapshots = [.. new[] { cut % (last + 1), last }.Distinct().Order()
                .Select(s => new SequenceNumber(s))];
            RangeTombstone[] ranges = [.. history.Where(e => e.Kind == ValueKind.RangeDelete)
                .Select(e => new RangeTombstone([e.Key], [e.End], new SequenceNumber(e.Sequence)))];
            var filter = new EntryFilter(snapshots, RangeTombstoneSet.Of(ranges), new DeeperTables(TableSet.Empty, 1));
            Entry[] kept = [.. history.Where(e => e.Kind != ValueKind.RangeDelete)
                .OrderBy(e => e.Key).ThenByDescending(e => e.Sequence)
                .Where(e => filter.Keep(InternalKey.ToArray([e.Key], new SequenceNumber(e.Sequence), e.Kind)))];
            RangeTombstone[] keptRanges = [.. filter.KeptRanges()];
            return snapshots.All(snapshot => Enumerable.Range(0, 8).All(key =>
                Visible(history, ranges, (byte)key, snapshot.Value) == Visible(kept, keptRanges, (byte)key, snapshot.Value)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void With_one_snapshot_and_nothing_deeper_only_live_values_are_left()
    {
        var filter = new EntryFilter([new SequenceNumber(9)], RangeTombstoneSet.Empty, new DeeperTables(TableSet.Empty, 1));
        Assert.False(filter.Keep(InternalKey.ToArray("a"u8, new SequenceNumber(3), ValueKind.Delete)));
        Assert.False(filter.Keep(InternalKey.ToArray("a"u8, new SequenceNumber(2), ValueKind.Put)));
        Assert.True(filter.Keep(InternalKey.ToArray("b"u8, new SequenceNumber(5), ValueKind.Put)));
        Assert.False(filter.Keep(InternalKey.ToArray("b"u8, new SequenceNumber(4), ValueKind.Put)));
    }

    /// <summary>The number of the write that a read sees; 0: no value.</summary>
    private static ulong Visible(IEnumerable<Entry> entries, RangeTombstone[] ranges, byte key, ulong snapshot)
    {
        Entry newest = entries.Where(e => e.Kind != ValueKind.RangeDelete && e.Key == key && e.Sequence <= snapshot)
            .OrderByDescending(e => e.Sequence).FirstOrDefault();
        bool covered = ranges.Any(
            r => r.Begin[0] <= key && key < r.End[0] && r.Sequence.Value <= snapshot && r.Sequence.Value > newest.Sequence);
        return newest.Kind == ValueKind.Put && !covered ? newest.Sequence : 0;
    }

    private static Arbitrary<Entry[]> Histories() =>
        (from key in Gen.Choose(0, 7)
         from kind in Gen.Elements(ValueKind.Put, ValueKind.Put, ValueKind.Delete, ValueKind.RangeDelete)
         from length in Gen.Choose(1, 4)
         select new Entry((byte)key, 0, kind, (byte)(key + length)))
        .ArrayOf()
        .Select(entries => entries.Select((e, i) => e with { Sequence = (ulong)i + 1 }).ToArray())
        .ToArbitrary();
}
