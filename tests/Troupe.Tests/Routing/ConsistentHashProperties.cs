using Akka.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace Troupe.Tests.Routing;

public sealed class ConsistentHashProperties
{
    private static readonly Gen<string[]> NodeSets =
        ArbMap.Default.GeneratorFor<byte[]>().Where(b => b.Length > 0).Select(b => b.Take(8).Select(n => $"node-{n}").Distinct().ToArray());

    [Fact]
    public void Taking_a_node_away_moves_its_keys_alone() =>
        Prop.ForAll(NodeSets.Where(n => n.Length > 1).ToArbitrary(), ArbMap.Default.ArbFor<NonNull<string>>(), (nodes, key) =>
        {
            var hash = ConsistentHash.Create(nodes, 7);
            var owner = hash.NodeFor(key.Get);
            return nodes.Where(n => n != owner).All(n => hash.Remove(n).NodeFor(key.Get) == owner);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_node_put_back_makes_the_ring_that_was() =>
        Prop.ForAll(NodeSets.ToArbitrary(), ArbMap.Default.ArbFor<NonNull<string>>(), (nodes, key) =>
        {
            var hash = ConsistentHash.Create(nodes, 7);
            return nodes.All(n => hash.Remove(n).Add(n).NodeFor(key.Get) == hash.NodeFor(key.Get));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_the_nodes_and_repetitions_make_no_difference() =>
        Prop.ForAll(NodeSets.ToArbitrary(), ArbMap.Default.ArbFor<NonNull<string>>(), (nodes, key) =>
            ConsistentHash.Create(nodes, 7).NodeFor(key.Get)
            == ConsistentHash.Create(nodes.Reverse().Concat(nodes), 7).NodeFor(key.Get)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", 0xab3e7c0bu)]
    [InlineData("key", 0x3a5e35fdu)]
    [InlineData("ü", 0xc15d99c6u)]
    public void The_hash_of_a_text_never_changes(string text, uint hash) => Assert.Equal(hash, RingHash.Of(text));

    [Fact]
    public void Shares_are_even_within_a_third_with_two_hundred_points_a_node()
    {
        const int Keys = 20_000, Nodes = 5;
        var hash = ConsistentHash.Create(Enumerable.Range(0, Nodes).Select(i => $"akka://sys/user/routee-{i}"), 200);

        var shares = Enumerable.Range(0, Keys).CountBy(i => hash.NodeFor($"key-{i}")).Select(e => e.Value).ToList();

        Assert.Equal(Nodes, shares.Count);
        Assert.All(shares, share => Assert.InRange(share, Keys / Nodes * 2 / 3, Keys / Nodes * 4 / 3));
    }
}
