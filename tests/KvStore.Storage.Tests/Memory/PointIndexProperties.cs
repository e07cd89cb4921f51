using KvStore.Storage.Format;
using KvStore.Storage.Memory;
using KvStore.Storage.Iterators;

namespace KvStore.Storage.Tests.Memory;

/// <summary>A memtable finds by its index what is in its list, also where more keys meet in a set than it has places.</summary>
public class PointIndexProperties
{
    private const int Entries = 600;

    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    [InlineData(500)]
    public void A_read_at_any_sequence_finds_the_newest_entry_that_is_not_after_it(int keys)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            using var pool = new ArenaPool(4096, 2);
            var memtable = new MemTable(pool, new FileNumber(1), expectedBytes: 4096);
            var random = new Random(seed);
            var model = new Dictionary<int, List<ulong>>();
            for (ulong sequence = 1; sequence <= Entries; sequence++)
            {
                int key = random.Next(keys);
                memtable.Add(new SequenceNumber(sequence), sequence % 5 == 0 ? ValueKind.Delete : ValueKind.Put, KeyOf(key), BitConverter.GetBytes(sequence));
                (model.TryGetValue(key, out List<ulong>? versions) ? versions : model[key] = []).Add(sequence);
                AssertFinds(memtable, model, random.Next(keys), sequence);
            }

            for (int i = 0; i < Entries; i++)
                AssertFinds(memtable, model, random.Next(keys + 10), (ulong)random.Next(Entries + 1));
            memtable.Release();
        }
    }

    [Fact]
    public void What_was_loaded_in_order_is_found_too_and_newer_entries_after_it()
    {
        using var pool = new ArenaPool(1 << 16, 4);
        var memtable = new MemTable(pool, new FileNumber(1), expectedBytes: 4096);
        byte[][] keys = [.. Enumerable.Range(0, 300).Select(i => KeyOf(i % 100))];
        using (var load = new SortedLoad())
        {
            for (int i = 0; i < keys.Length; i++)
                load.Add(new SequenceNumber((ulong)i + 1), ValueKind.Put, keys[i], BitConverter.GetBytes((ulong)i + 1));
            memtable.Take(load);
        }

        Assert.All(Enumerable.Range(0, 100), key => Assert.Equal((ulong)key + 201, Read(memtable, key, at: 1_000)));
        memtable.Add(new SequenceNumber(301), ValueKind.Put, KeyOf(7), BitConverter.GetBytes(301UL));
        Assert.Equal(301UL, Read(memtable, 7, at: 1_000));
        Assert.Equal(208UL, Read(memtable, 7, at: 300));
        Assert.Equal(108UL, Read(memtable, 7, at: 207));
    }

    private static void AssertFinds(MemTable memtable, Dictionary<int, List<ulong>> model, int key, ulong at)
    {
        ulong newest = model.TryGetValue(key, out List<ulong>? versions) ? versions.LastOrDefault(version => version <= at) : 0;
        Assert.Equal(newest % 5 == 0 ? 0 : newest, Read(memtable, key, at));
    }

    /// <summary>The value, which is its own sequence number; 0 for none.</summary>
    private static ulong Read(MemTable memtable, int key, ulong at)
    {
        var found = default(Number);
        LookupState state = memtable.Get(
            InternalKey.ToArray(KeyOf(key), new SequenceNumber(at), ValueKind.Lookup), new SequenceNumber(0), ref found);
        return state == LookupState.Found ? found.Value : 0;
    }

    private static byte[] KeyOf(int i) => BitConverter.GetBytes(i * 2654435761L);

    private struct Number : IValueSink
    {
        internal ulong Value;

        public void Accept(ReadOnlySpan<byte> value) => Value = BitConverter.ToUInt64(value);
    }
}
