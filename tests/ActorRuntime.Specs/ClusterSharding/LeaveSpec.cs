using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>Nodes that go in good order take their shards down first.</summary>
public sealed class LeaveSpec : ShardingSpec
{
    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task The_shards_of_a_node_that_leaves_answer_elsewhere(int leaver)
    {
        var nodes = await StartRegions(3);
        Wishes.Wish("kept", nodes[1].Address);
        await nodes[1].Say("kept/1");
        for (var i = 0; i < 6; i++)
        {
            Wishes.Wish($"{i}", nodes[leaver].Address);
            Assert.Equal(nodes[leaver].Address.ToString(), await nodes[1].WhereIs($"{i}/1"));
        }

        for (var i = 0; i < 6; i++)
        {
            Wishes.Wish($"{i}", nodes[1].Address);
        }
        await nodes[leaver].Leave();

        await Eventually(async () => Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => nodes[1].Say($"{i}/1", within: TimeSpan.FromSeconds(1)))),
            a => Assert.NotEqual(nodes[leaver].Address.ToString(), a.Node)));
        Assert.True((await nodes[1].Say("kept/1")).Count > 1);
        await Registered(nodes[1], 2);
    }

    [Fact]
    public async Task A_region_can_be_shut_down_alone()
    {
        var nodes = await StartRegions(2);
        Wishes.Wish("a", nodes[1].Address);
        await nodes[0].Say("a/1");

        nodes[1].Region.Tell(GracefulShutdown.Instance);

        await Registered(nodes[0], 1);
        Assert.Equal(nodes[0].Address.ToString(), await nodes[0].WhereIs("a/1"));
    }
}
