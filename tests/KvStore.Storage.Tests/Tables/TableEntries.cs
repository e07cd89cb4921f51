using KvStore.Storage.Format;

namespace KvStore.Storage.Tests.Tables;

/// <summary>Sorted entries and option sets drawn from a seed: few letters and short keys, so that prefixes, repeats and
/// neighbours are common.</summary>
internal static class TableEntries
{
    private static readonly byte[] Letters = [0, (byte)'a', (byte)'b', 0xFF];

    public static List<Entry> Random(Random random, int count)
    {
        var entries = new SortedSet<Entry>();
        for (int i = 0; i < count; i++)
        {
            ValueKind kind = random.Next(5) == 0 ? ValueKind.Delete : ValueKind.Put;
            byte[] value = kind == ValueKind.Put ? new byte[ValueLength(random)] : [];
            random.NextBytes(value);
            entries.Add(new Entry(
                InternalKey.ToArray(UserKey(random), new SequenceNumber((ulong)random.Next(1, 2000)), kind), value));
        }

        // One sequence number of a key has one entry.
        return [.. entries.DistinctBy(e => Convert.ToHexString(InternalKey.UserKey(e.Key)) + InternalKey.Sequence(e.Key))];
    }

    public static byte[] UserKey(Random random)
    {
        var key = new byte[random.Next(random.Next(10) == 0 ? 300 : 9)];
        for (int i = 0; i < key.Length; i++)
            key[i] = Letters[random.Next(Letters.Length)];
        return key;
    }

    public static byte[] SomeTarget(List<Entry> entries, Random random)
    {
        if (entries.Count > 0 && random.Next(2) == 0)
            return entries[random.Next(entries.Count)].Key;
        ValueKind kind = random.Next(2) == 0 ? ValueKind.Lookup : ValueKind.Put;
        ulong sequence = random.Next(4) == 0 ? SequenceNumber.Max.Value : (ulong)random.Next(2001);
        return InternalKey.ToArray(UserKey(random), new SequenceNumber(sequence), kind);
    }

    public static EngineOptions Options(Random random) => new()
    {
        BlockSize = random.Next(3) switch { 0 => 64, 1 => 512, _ => 4096 },
        BlockRestartInterval = random.Next(3) switch { 0 => 1, 1 => 3, _ => 16 },
        BloomBitsPerKey = random.Next(2) * 10,
        Compression = random.Next(2) == 0 ? Compression.None : Compression.Brotli,
        IndexPartitionSize = random.Next(2) == 0 ? 50 : 64 * 1024,
    };

    private static int ValueLength(Random random) => random.Next(20) switch
    {
        0 => 0,
        1 => random.Next(20_000),
        _ => random.Next(200),
    };
}
