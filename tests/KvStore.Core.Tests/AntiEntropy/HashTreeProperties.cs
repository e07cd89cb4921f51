using FsCheck;
using FsCheck.Fluent;
using KvStore.Core.AntiEntropy;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.AntiEntropy;

public sealed class HashTreeProperties
{
    [Fact]
    public void The_order_of_writes_does_not_matter_and_undoing_them_leaves_nothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ulong[]>(), tokens =>
        {
            var places = tokens.Distinct().Select(token => new Token(token * 0x9E3779B97F4A7C15)).ToArray();
            var (forward, backward) = (new HashTree(2), new HashTree(2));
            foreach (var place in places)
                forward.Update(place, 0, place.Value | 1);
            foreach (var place in places.Reverse())
                backward.Update(place, 0, place.Value | 1);
            var same = forward.Root == backward.Root && forward.Keys == places.Length;
            foreach (var place in places)
                forward.Update(place, place.Value | 1, 0);
            return same && forward is { Root: 0, Keys: 0 };
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_node_is_the_sum_of_its_children_and_a_small_tree_is_the_top_of_a_large_one()
    {
        var (small, large) = (new HashTree(1), new HashTree(3));
        for (ulong i = 1; i <= 500; i++)
        {
            var place = new Token(i * 0x9E3779B97F4A7C15);
            small.Update(place, 0, i);
            large.Update(place, 0, i);
        }

        Assert.Equal(small.Root, large.Root);
        for (var place = 0; place < HashTree.Fanout; place++)
        {
            Assert.Equal(small.Sum(1, place), large.Sum(1, place));
            Assert.Equal(large.Sum(1, place), large.Children(1, place).ToArray().Aggregate((a, b) => a + b));
        }
    }

    [Fact]
    public void A_tree_comes_back_from_its_bytes_and_a_flipped_bit_is_noticed()
    {
        var tree = new HashTree(2);
        for (ulong i = 1; i <= 100; i++)
            tree.Update(new Token(i * 0x9E3779B97F4A7C15), 0, i);
        var bytes = new byte[tree.SerializedSize];
        tree.Write(bytes);
        Assert.True(HashTree.TryRead(bytes, out var read));
        Assert.Equal((tree.Root, tree.Keys), (read.Root, read.Keys));
        bytes[^1] ^= 1;
        Assert.False(HashTree.TryRead(bytes, out _));
        Assert.False(HashTree.TryRead(bytes.AsSpan(0, bytes.Length - 1), out _));
    }

    [Fact]
    public void Writes_during_a_rebuild_go_on_as_differences()
    {
        var (place, other) = (new Token(0x1234_5678_9ABC_DEF0), new Token(0x0FED_CBA9_8765_4321));
        var rebuilt = new HashTree(2, isComplete: false);
        rebuilt.Update(place, 7, 8);
        rebuilt.AddScanned(place, 7);
        rebuilt.AddScanned(other, 9);
        rebuilt.CompleteScan();
        var direct = new HashTree(2);
        direct.Update(place, 0, 8);
        direct.Update(other, 0, 9);
        Assert.Equal((direct.Root, direct.Keys), (rebuilt.Root, rebuilt.Keys));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4_000, 2)]
    [InlineData(40_000, 3)]
    [InlineData(100_000_000, 5)]
    public void The_size_follows_the_number_of_keys(long keys, int depth) => Assert.Equal(depth, HashTree.DepthFor(keys));
}
