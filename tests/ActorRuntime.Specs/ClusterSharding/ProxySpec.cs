using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>A node that sends to entities and hosts none: it lacks the role of the nodes that do.</summary>
public sealed class ProxySpec : ShardingSpec
{
    private const string Back = "akka.cluster { roles = [back], sharding.role = back }";

    [Fact]
    public async Task A_proxy_reaches_the_entities_of_others_and_has_none()
    {
        var nodes = await StartRegions(2, Back);
        var proxy = await StartNode("akka.cluster.roles = [front]");
        proxy.StartProxy("back");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => proxy.Say($"{i}/1")));

        Assert.All(answers, a => Assert.Contains(a.Node, nodes.Select(n => n.Address.ToString())));
        Assert.Equal(2, (await proxy.CurrentRegions()).Regions.Count);
        var state = await proxy.Region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Soon);
        Assert.Empty(state.Shards);
        Assert.Equal(proxy.Region, proxy.Sharding.ShardRegionProxy(ShardNode.Type));
    }

    [Fact]
    public async Task The_coordinator_is_found_among_the_nodes_of_the_role_though_others_are_older()
    {
        var front = await StartNode("akka.cluster.roles = [front]");
        front.StartProxy("back");
        var back = await StartNode(Back);
        back.StartRegion();

        Assert.Equal(back.Address.ToString(), await front.WhereIs("a/1"));
    }

    [Fact]
    public async Task A_proxy_finds_a_shard_that_has_moved()
    {
        var nodes = await StartRegions(2, Back);
        var proxy = await StartNode("akka.cluster.roles = [front]");
        proxy.StartProxy("back");
        Wishes.Wish("a", nodes[0].Address);
        Assert.Equal(nodes[0].Address.ToString(), await proxy.WhereIs("a/1"));

        Wishes.Wish("a", nodes[1].Address);

        await Eventually(async () =>
            Assert.Equal(nodes[1].Address.ToString(), (await proxy.Say("a/1", within: TimeSpan.FromSeconds(1))).Node));
    }
}
