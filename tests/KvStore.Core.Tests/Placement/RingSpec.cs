using KvStore.Core.Identity;
using KvStore.Core.Placement;

namespace KvStore.Core.Tests.Placement;

public sealed class RingSpec
{
    public static TheoryData<int, int, int> Sizes()
    {
        var sizes = new TheoryData<int, int, int>();
        foreach (var nodes in new[] { 1, 2, 3, 4, 5, 7, 9, 16, 33, 100, 200 })
        {
            sizes.Add(nodes, 256, 3);
            sizes.Add(nodes, 1024, 5);
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_first_ring_is_even_and_has_N_distinct_primaries_everywhere(int nodes, int partitions, int replicas)
    {
        var ring = Rings.Of(nodes, partitions, replicas);
        var loads = ring.Owners.GroupBy(owner => owner).Select(group => group.Count()).ToList();
        Assert.Equal(nodes, loads.Count);
        Assert.True(loads.Max() - loads.Min() <= 1);
        foreach (var list in ring.Partitions.Select(partition => ring.PreferenceList(partition, replicas)))
        {
            Assert.Equal(Math.Min(replicas, nodes), list.Primaries.Distinct().Count());
            Assert.Equal(list.Primaries.Length, list.Primaries.Distinct().Count());
            Assert.Equal(nodes, list.Primaries.Concat(list.Fallbacks).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(6, 3, 3)]
    [InlineData(9, 3, 3)]
    [InlineData(12, 4, 3)]
    [InlineData(5, 5, 3)]
    [InlineData(7, 2, 3)]
    public void Primaries_lie_on_distinct_racks_as_far_as_there_are_racks(int nodes, int racks, int n)
    {
        var ring = Rings.Of(nodes, 256, n, racks);
        foreach (var list in ring.Partitions.Select(partition => ring.PreferenceList(partition, n)))
            Assert.Equal(Math.Min(racks, n), list.Primaries.Select(node => ring.Member(node)!.Rack).Distinct().Count());
    }

    [Fact]
    public void Owners_follow_weights_to_within_one_partition()
    {
        int[] weights = [50, 100, 100, 200, 400, 1000];
        var ring = RingPlanner.Create(Rings.Cluster, weights.Select((weight, i) => Rings.Member(i + 1, weight)), 1024);
        foreach (var member in ring.Members)
        {
            var share = 1024.0 * member.Weight / weights.Sum();
            Assert.True(Math.Abs(ring.Owners.Count(owner => owner == member.Id) - share) < 1);
        }
    }

    [Fact]
    public void A_list_for_a_smaller_N_is_a_prefix_of_the_list_for_a_larger_one()
    {
        var ring = Rings.Of(9, racks: 2);
        foreach (var partition in ring.Partitions)
        {
            var five = ring.PreferenceList(partition, 5).Primaries;
            Assert.True(five[..2].SequenceEqual(ring.PreferenceList(partition, 2).Primaries));
        }
    }

    [Fact]
    public void A_ring_with_fewer_nodes_than_copies_is_degraded_and_still_answers()
    {
        var list = Rings.Of(2).PreferenceList(new PartitionId(0), 3);
        Assert.True(list.IsDegraded);
        Assert.Equal(2, list.Primaries.Length);
        Assert.Empty(list.Fallbacks);
    }

    [Fact]
    public void A_token_lies_in_the_partition_of_its_highest_bits()
    {
        Assert.Equal(new PartitionId(0), new Token(0).PartitionOf(256));
        Assert.Equal(new PartitionId(255), new Token(ulong.MaxValue).PartitionOf(256));
        Assert.Equal(new PartitionId(0x7F), new Token(0x7FFF_FFFF_FFFF_FFFF).PartitionOf(256));
        Assert.Equal(new PartitionId(4095), new Token(ulong.MaxValue).PartitionOf(4096));
    }

    [Fact]
    public void Where_a_key_lies_never_changes()
    {
        var name = new BucketKey(BucketName.Create("users"), Key.Of("ada"));
        Assert.Equal(new Token(StableHash.Of("users\0ada"u8)), Token.Of(name));
        Assert.Equal(Token.Of(name).PartitionOf(256), Rings.Of(3).PartitionOf(name));
    }

    [Fact]
    public void Parts_that_make_no_ring_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RingPlanner.Create(Rings.Cluster, [], 256));
        Assert.Throws<ArgumentException>(() => RingPlanner.Create(Rings.Cluster, Rings.Members(3), 100));
        Assert.Throws<ArgumentException>(() => RingPlanner.Create(ClusterId.None, Rings.Members(3), 256));
        Assert.Throws<ArgumentException>(() => RingPlanner.Create(Rings.Cluster, [Rings.Member(1), Rings.Member(1)], 64));
        Assert.Throws<ArgumentException>(() => RingPlanner.Create(Rings.Cluster, [Rings.Member(1, weight: 0)], 64));
    }
}
