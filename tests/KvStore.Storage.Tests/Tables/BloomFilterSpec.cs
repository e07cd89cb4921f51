using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed class BloomFilterSpec
{
    [Fact]
    public void Every_key_that_was_added_passes() =>
        Prop.ForAll<byte[][]>(keys =>
        {
            byte[] filter = FilterOf(keys.Select(key => KeyHash.Of(key)));
            Assert.All(keys, key => Assert.True(MayContain(filter, KeyHash.Of(key))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ten_bits_a_key_let_about_one_absent_key_in_a_hundred_pass()
    {
        byte[] filter = FilterOf(Enumerable.Range(0, 100_000).Select(i => HashOf(i)));

        int passed = Enumerable.Range(100_000, 200_000).Count(i => MayContain(filter, HashOf(i)));

        Assert.InRange(passed / 200_000.0, 0.005, 0.014);
    }

    [Fact]
    public void The_portable_look_up_answers_as_the_vector_one_does()
    {
        byte[] filter = FilterOf(Enumerable.Range(0, 1000).Select(i => HashOf(i)));
        for (int i = 0; i < 20_000; i++)
            Assert.Equal(MayContain(filter, HashOf(i)), MayContainPortable(filter, HashOf(i)));
    }

    [Fact]
    public void Records_of_one_key_count_once()
    {
        using var builder = new BloomFilterBuilder(10);
        for (int i = 0; i < 10_000; i++)
            builder.Add(HashOf(1));
        Assert.Equal(BloomFilter.LineSize, builder.Size);
    }

    [Fact]
    public void A_filter_of_no_keys_has_no_bytes()
    {
        using var builder = new BloomFilterBuilder(10);
        Assert.Equal(0, builder.Size);
    }

    private static ulong HashOf(int key)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Fill((byte)'0');
        BinaryPrimitives.WriteInt64BigEndian(bytes, key);
        return KeyHash.Of(bytes);
    }

    private static byte[] FilterOf(IEnumerable<ulong> hashes)
    {
        using var builder = new BloomFilterBuilder(10);
        foreach (ulong hash in hashes)
            builder.Add(hash);
        var filter = new byte[builder.Size];
        builder.WriteTo(filter);
        return filter;
    }

    private static unsafe bool MayContain(byte[] filter, ulong hash)
    {
        fixed (byte* lines = filter)
            return BloomFilter.MayContain(lines, (uint)(filter.Length / BloomFilter.LineSize), hash);
    }

    private static unsafe bool MayContainPortable(byte[] filter, ulong hash)
    {
        fixed (byte* lines = filter)
            return BloomFilter.MayContainPortable(lines, (uint)(filter.Length / BloomFilter.LineSize), hash);
    }
}
