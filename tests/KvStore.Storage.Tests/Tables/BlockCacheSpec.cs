using KvStore.Storage.Tables;

namespace KvStore.Storage.Tests.Tables;

public sealed unsafe class BlockCacheSpec
{
    private const int BlockSize = 1000;

    [Fact]
    public void A_block_that_was_put_in_is_found_under_its_file_and_offset_alone()
    {
        using var cache = new BlockCache(1 << 20);
        Fill(cache, 7, 4096).Release();

        Assert.True(cache.TryPin(7, 4096, out BlockPin pin));
        Assert.Equal(Pattern(7, 4096), pin.Start[BlockSize - 1]);
        pin.Release();
        Assert.False(cache.TryPin(8, 4096, out _));
        Assert.False(cache.TryPin(7, 0, out _));
        Assert.Equal(1, cache.Hits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(BlockSize / 2)]
    [InlineData(20 * BlockSize)]
    [InlineData(10 << 20)]
    public void Memory_stays_within_the_capacity(long capacity)
    {
        using var cache = new BlockCache(capacity, BlockSize);
        for (int offset = 0; offset < 30_000; offset++)
        {
            Fill(cache, 1, offset).Release();
            Assert.InRange(cache.UsedBytes, 0, capacity);
        }
        Assert.Equal(capacity >= 20 * BlockSize, cache.UsedBytes > capacity * 3 / 4);
    }

    [Fact]
    public void A_pinned_block_outlives_any_number_of_others()
    {
        using var cache = new BlockCache(20 * BlockSize, BlockSize);
        BlockPin pinned = Fill(cache, 1, 0);

        for (int offset = 1; offset < 1000; offset++)
            Fill(cache, 1, offset).Release();

        Assert.Equal(Pattern(1, 0), pinned.Start[0]);
        Assert.True(cache.TryPin(1, 0, out BlockPin again));
        Assert.True(again.Start == pinned.Start);
        again.Release();
        pinned.Release();
    }

    [Fact]
    public void A_block_that_finds_no_room_belongs_to_its_reader_alone()
    {
        using var cache = new BlockCache(3 * BlockSize + 200, BlockSize);
        BlockPin[] pinned = [.. Enumerable.Range(0, 3).Select(offset => Fill(cache, 1, offset))];
        long used = cache.UsedBytes;

        BlockPin extra = Fill(cache, 1, 99);

        Assert.Equal(Pattern(1, 99), extra.Start[0]);
        Assert.Equal(used, cache.UsedBytes);
        Assert.False(cache.TryPin(1, 99, out _));
        extra.Release();
        Array.ForEach(pinned, pin => pin.Release());
    }

    [Fact]
    public void Of_two_readers_of_one_block_the_second_gets_the_first_ones()
    {
        using var cache = new BlockCache(1 << 20);
        BlockPin first = Fill(cache, 1, 0), second = Fill(cache, 1, 0);

        Assert.True(first.Start == second.Start);
        Assert.Equal(BlockMemory.AllocatedSize(BlockSize), cache.UsedBytes);
        first.Release();
        second.Release();
    }

    [Fact]
    public void What_is_asked_for_again_stays_longer_than_what_is_not()
    {
        using var cache = new BlockCache(200 * BlockSize, BlockSize);
        for (int offset = 0; offset < 5000; offset++)
        {
            Fill(cache, 1, offset).Release();
            if (cache.TryPin(1, 5, out BlockPin favourite))
                favourite.Release();
        }
        Assert.True(cache.TryPin(1, 5, out BlockPin pin));
        pin.Release();
    }

    [Fact]
    public void Closing_the_cache_under_a_reader_is_an_error_and_leaves_the_block()
    {
        var cache = new BlockCache(1 << 20);
        BlockPin pin = Fill(cache, 1, 0);

        Assert.Throws<InvalidOperationException>(cache.Dispose);

        Assert.Equal(Pattern(1, 0), pin.Start[0]);
    }

    [Fact]
    public void Readers_on_several_threads_never_see_another_blocks_bytes()
    {
        using var cache = new BlockCache(50 * BlockSize, BlockSize);
        Thread[] readers = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() => ReadAtRandom(cache, seed, 100_000)))];
        int wrong = _wrong;
        Array.ForEach(readers, reader => reader.Start());
        Array.ForEach(readers, reader => reader.Join());

        Assert.Equal(wrong, _wrong);
        Assert.InRange(cache.UsedBytes, 1, 50 * BlockSize);
    }

    private int _wrong;

    private void ReadAtRandom(BlockCache cache, int seed, int count)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            ulong file = (ulong)random.Next(2);
            int offset = random.Next(60);
            if (!cache.TryPin(file, offset, out BlockPin pin))
                pin = Fill(cache, file, offset);
            if (pin.Length != BlockSize || pin.Start[0] != Pattern(file, offset)
                || pin.Start[BlockSize - 1] != Pattern(file, offset))
                Interlocked.Increment(ref _wrong);
            pin.Release();
        }
    }

    private static byte Pattern(ulong file, long offset) => (byte)(file * 101 + (ulong)offset * 7);

    private static BlockPin Fill(BlockCache cache, ulong file, long offset)
    {
        byte* memory = BlockMemory.Allocate(BlockSize);
        new Span<byte>(memory, BlockSize).Fill(Pattern(file, offset));
        return cache.Insert(file, offset, memory, BlockSize);
    }
}
