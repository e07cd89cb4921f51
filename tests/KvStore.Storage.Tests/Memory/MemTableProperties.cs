using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Format;
using KvStore.Storage.Iterators;
using KvStore.Storage.Memory;

namespace KvStore.Storage.Tests.Memory;

public class MemTableProperties
{
    [Fact]
    public void Entries_are_walked_in_order_both_ways() =>
        Prop.ForAll(Keys(), keys => With(keys, (memtable, sorted) =>
        {
            using InternalIterator iterator = memtable.NewIterator();
            var forward = new List<byte[]>();
            for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
                forward.Add(iterator.Key.ToArray());
            var backward = new List<byte[]>();
            for (iterator.SeekToLast(); iterator.Valid; iterator.Prev())
                backward.Add(iterator.Key.ToArray());
            backward.Reverse();
            return Same(sorted, forward) && Same(sorted, backward);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void A_seek_finds_the_first_entry_at_or_after() =>
        Prop.ForAll(Keys(), Keys(), (keys, probes) => With(keys, (memtable, sorted) =>
        {
            using InternalIterator iterator = memtable.NewIterator();
            foreach (byte[] probe in probes)
            {
                byte[] target = InternalKey.ToArray(probe, new SequenceNumber(3), ValueKind.Lookup);
                iterator.Seek(target);
                byte[]? expected = sorted.Find(key => InternalKey.Compare(key, target) >= 0);
                if (expected is null ? iterator.Valid : !iterator.Valid || !iterator.Key.SequenceEqual(expected))
                    return false;
            }

            return true;
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Readers_beside_a_writer_never_miss_what_was_there_before()
    {
        using var pool = new ArenaPool(1 << 16, 4);
        var memtable = new MemTable(pool, new FileNumber(1), expectedBytes: 4096);
        int written = 0;
        bool stop = false;
        Exception? failure = null;
        var reader = new Thread(() =>
        {
            var random = new Random(1);
            try
            {
                while (!Volatile.Read(ref stop))
                {
                    int upTo = Volatile.Read(ref written);
                    if (upTo == 0)
                        continue;
                    int i = 1 + random.Next(upTo);
                    var sink = default(ArraySink);
                    byte[] lookup = InternalKey.ToArray(KeyOf(i), new SequenceNumber((ulong)upTo), ValueKind.Lookup);
                    Assert.Equal(LookupState.Found, memtable.Get(lookup, SequenceNumber.Zero, ref sink));
                    Assert.Equal(KeyOf(i), sink.Value);
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        reader.Start();
        for (int i = 1; i <= 100_000; i++)
        {
            memtable.Add(new SequenceNumber((ulong)i), ValueKind.Put, KeyOf(i), KeyOf(i));
            Volatile.Write(ref written, i);
        }

        Volatile.Write(ref stop, true);
        reader.Join();
        memtable.Release();
        Assert.Null(failure);
    }

    private static byte[] KeyOf(int i) => BitConverter.GetBytes(i * 2654435761L);

    private static Arbitrary<byte[][]> Keys() => ArbMap.Default.ArbFor<byte[]>().Generator
        .Select(key => key.Length == 0 ? [1] : key.Select(b => (byte)(b % 3)).ToArray())
        .ArrayOf()
        .ToArbitrary();

    private static bool With(byte[][] keys, Func<MemTable, List<byte[]>, bool> check)
    {
        using var pool = new ArenaPool(4096, 2);
        var memtable = new MemTable(pool, new FileNumber(1), expectedBytes: 4096);
        var all = new List<byte[]>();
        for (int i = 0; i < keys.Length; i++)
        {
            var sequence = new SequenceNumber((ulong)i + 1);
            memtable.Add(sequence, ValueKind.Put, keys[i], keys[i]);
            all.Add(InternalKey.ToArray(keys[i], sequence, ValueKind.Put));
        }

        all.Sort((a, b) => InternalKey.Compare(a, b));
        bool holds = check(memtable, all);
        memtable.Release();
        return holds;
    }

    private static bool Same(List<byte[]> a, List<byte[]> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
