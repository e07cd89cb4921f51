using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Tests.Memory;

public class SortedLoadProperties
{
    [Fact]
    public void Loads_give_the_same_memtable_as_adding_one_by_one() =>
        Prop.ForAll(Runs(), runs =>
        {
            using var pool = new ArenaPool(4096, 2);
            MemTable loaded = Loaded(pool, runs), added = Added(pool, runs);
            bool same = loaded.Count == added.Count && loaded.LastSequence == added.LastSequence
                && Entries(loaded).SequenceEqual(Entries(added));
            loaded.Release();
            added.Release();
            return same;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_entries_with_long_equal_beginnings_are_in_order()
    {
        var random = new Random(7);
        byte[][][] runs = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 20_000)
            .Select(_ => System.Text.Encoding.ASCII.GetBytes($"partition-17/user/{random.Next(5000):D12}/{random.Next(3)}"))
            .ToArray())];
        using var pool = new ArenaPool(1 << 16, 4);
        MemTable loaded = Loaded(pool, runs), added = Added(pool, runs);
        Assert.Equal(Entries(added), Entries(loaded));
        loaded.Release();
        added.Release();
    }

    private static MemTable Loaded(ArenaPool pool, byte[][][] runs)
    {
        using var load = new SortedLoad();
        var memtable = new MemTable(pool, new FileNumber(1), expectedBytes: 4096);
        ulong sequence = 0;
        foreach (byte[][] run in runs)
        {
            // As a segment does it: one piece of memory that does not move until the run is in.
            byte[] bytes = GC.AllocateUninitializedArray<byte>(run.Sum(key => key.Length), pinned: true);
            int at = 0;
            foreach (byte[] key in run)
            {
                key.CopyTo(bytes, at);
                ReadOnlySpan<byte> kept = bytes.AsSpan(at, key.Length);
                load.Add(new SequenceNumber(++sequence), KindOf(sequence), kept, kept);
                at += key.Length;
            }

            memtable.Take(load);
            GC.KeepAlive(bytes);
        }

        return memtable;
    }

    private static MemTable Added(ArenaPool pool, byte[][][] runs)
    {
        var memtable = new MemTable(pool, new FileNumber(1), expectedBytes: 4096);
        ulong sequence = 0;
        foreach (byte[] key in runs.SelectMany(run => run))
            memtable.Add(new SequenceNumber(++sequence), KindOf(sequence), key, key);
        return memtable;
    }

    private static ValueKind KindOf(ulong sequence) => sequence % 3 == 0 ? ValueKind.Delete : ValueKind.Put;

    private static List<string> Entries(MemTable memtable)
    {
        var entries = new List<string>();
        using InternalIterator iterator = memtable.NewIterator();
        for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
            entries.Add(Convert.ToHexString(iterator.Key) + "=" + Convert.ToHexString(iterator.Value));
        return entries;
    }

    private static Arbitrary<byte[][][]> Runs() => ArbMap.Default.ArbFor<byte[]>().Generator
        .Select(key => key.Length == 0 ? [1] : key.Select(b => (byte)(b % 2)).ToArray())
        .ArrayOf()
        .ArrayOf()
        .ToArbitrary();
}
