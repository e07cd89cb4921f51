using KvStore.Core.Hints;
using KvStore.Core.Identity;

namespace KvStore.Data.Tests;

public sealed class DataKeysSpec
{
    private static readonly NodeId Owner = new(7, 8);

    [Theory]
    [InlineData("default", "k")]
    [InlineData("a", "\0\0")]
    [InlineData("z.y-x_9", "fruit")]
    public void A_name_comes_back_out_of_its_key(string bucket, string key)
    {
        var (partition, name) = (new PartitionId(4095), new BucketKey(BucketName.Create(bucket), Key.Of(key)));
        Assert.True(DataKeys.TryReadState(DataKeys.State(partition, name), out var readPartition, out var readName));
        Assert.Equal((partition, name), (readPartition, readName));
        var hint = new HintId(Owner, partition, name);
        Assert.True(DataKeys.TryReadHint(DataKeys.Hint(hint), out var readHint));
        Assert.Equal(hint, readHint);
        Assert.True(DataKeys.Hint(hint).Length <= DataKeys.MaxLength);
    }

    [Fact]
    public void States_lie_in_the_order_of_their_names()
    {
        var partition = new PartitionId(3);
        BucketKey[] names =
        [
            .. from bucket in new[] { "a", "a-b", "ab", "default", "z" }
               from key in new[] { "\0", "a", "a\0", "ab", "b" }
               select new BucketKey(BucketName.Create(bucket), Key.Of(key)),
        ];
        var byKey = names.OrderBy(name => DataKeys.State(partition, name), Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));
        Assert.Equal(names.Order(), byKey);
    }

    [Fact]
    public void A_partition_is_one_range_with_everything_of_it_and_nothing_else()
    {
        var name = new BucketKey(BucketName.Default, Key.Of("k"));
        byte[][] OfPartition(int number) =>
        [
            DataKeys.Meta(new(number)), DataKeys.Tree(new(number)), DataKeys.State(new(number), name), DataKeys.Register(new(number), name),
        ];
        var inside = DataKeys.Partition(new PartitionId(5));
        Assert.All(OfPartition(5), key => Assert.True(key.AsSpan().StartsWith(inside)));
        byte[][] outside =
        [
            .. OfPartition(4), .. OfPartition(6), DataKeys.Identity.ToArray(), DataKeys.StartNumber.ToArray(), DataKeys.CleanStop.ToArray(),
            DataKeys.Generation.ToArray(), DataKeys.PeerStart(Owner), DataKeys.Journal(), DataKeys.Hint(new HintId(Owner, new(5), name)),
        ];
        Assert.All(outside, key => Assert.False(key.AsSpan().StartsWith(inside)));
        Assert.Equal(outside.Length, outside.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void A_key_of_another_area_is_no_state_and_no_hint()
    {
        Assert.False(DataKeys.TryReadState(DataKeys.Meta(new(1)), out _, out _));
        Assert.False(DataKeys.TryReadState(DataKeys.Register(new(1), new(BucketName.Default, Key.Of("k"))), out _, out _));
        Assert.False(DataKeys.TryReadHint(DataKeys.PeerStart(Owner), out _));
        Assert.False(DataKeys.TryReadHint(DataKeys.HintsFor(Owner), out _));
        Assert.True(DataKeys.TryReadPeer(DataKeys.PeerStart(Owner), out var peer));
        Assert.Equal(Owner, peer);
    }
}
