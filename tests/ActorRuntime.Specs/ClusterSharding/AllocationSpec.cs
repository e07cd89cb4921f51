using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>Where shards live, and how they move.</summary>
public sealed class AllocationSpec : ShardingSpec
{
    [Fact]
    public async Task An_own_strategy_says_where_a_shard_lives()
    {
        var nodes = await StartRegions(3);
        Wishes.Wish("a", nodes[1].Address);
        Wishes.Wish("b", nodes[2].Address);

        Assert.Equal(nodes[1].Address.ToString(), await nodes[0].WhereIs("a/1"));
        Assert.Equal(nodes[1].Address.ToString(), await nodes[2].WhereIs("a/2"));
        Assert.Equal(nodes[2].Address.ToString(), await nodes[2].WhereIs("b/1"));
        Assert.Equal(nodes[2].Address.ToString(), await nodes[0].WhereIs("b/1"));
    }

    [Fact]
    public async Task A_strategy_is_asked_once_for_a_shard()
    {
        var nodes = await StartRegions(2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => nodes[i % 2].Say($"a/{i % 4}")));

        Assert.Single(answers.Select(a => a.Node).Distinct());
        Assert.Equal(["a"], Wishes.Asked);
    }

    [Fact]
    public async Task A_shard_that_the_strategy_wants_elsewhere_moves_there()
    {
        var nodes = await StartRegions(2);
        Wishes.Wish("a", nodes[0].Address);
        Assert.Equal(nodes[0].Address.ToString(), await nodes[0].WhereIs("a/1"));

        Wishes.Wish("a", nodes[1].Address);

        await Eventually(async () => Assert.Equal(nodes[1].Address.ToString(), await nodes[0].WhereIs("a/1")));
        Assert.Equal(nodes[1].Address.ToString(), await nodes[1].WhereIs("a/1"));
    }

    [Fact]
    public async Task A_shard_moves_without_losing_what_is_sent_meanwhile()
    {
        var gate = new Gate();
        var nodes = new[] { await StartNode(), await StartNode() };
        foreach (var node in nodes)
        {
            var address = node.Address.ToString();
            node.StartRegion(id => Props.Create(() => new SlowToStop(id, address, gate)), new SlowToStop.Stop());
        }
        await Registered(nodes[0], 2);
        Wishes.Wish("a", nodes[0].Address);
        Assert.Equal(nodes[0].Address.ToString(), await nodes[1].WhereIs("a/1"));

        Wishes.Wish("a", nodes[1].Address);
        await gate.Reached.Task.WaitAsync(Soon);
        var waiting = Enumerable.Range(0, 100).Select(i => nodes[i % 2].Say("a/1", $"{i}")).ToList();
        await nodes[0].Say("b/1");
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        gate.Open.SetResult();

        var answers = await Task.WhenAll(waiting);
        Assert.All(answers, a => Assert.Equal(nodes[1].Address.ToString(), a.Node));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), answers.Select(a => a.Text));
    }

    [Fact]
    public async Task The_default_strategy_evens_shards_out_over_the_regions()
    {
        var first = await StartNode();
        StartByDefault(first);
        await Registered(first, 1);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => first.Say($"{i}/1")));

        var second = await StartNode();
        StartByDefault(second);

        await Eventually(async () =>
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(i => first.Say($"{i}/1", within: TimeSpan.FromSeconds(1))));
            Assert.InRange(answers.Count(a => a.Node == second.Address.ToString()), 8, 12);
        });
    }

    [Fact]
    public async Task Any_region_says_which_regions_there_are_and_what_they_have()
    {
        var nodes = await StartRegions(3);
        Wishes.Wish("a", nodes[1].Address);
        await nodes[0].Say("a/1");
        await nodes[0].Say("a/2");

        var regions = await nodes[2].CurrentRegions();
        var stats = await nodes[2].Region.Ask<ClusterShardingStats>(new GetClusterShardingStats(Soon), Soon);

        Assert.Equal(nodes.Select(n => n.Address).ToHashSet(), regions.Regions.ToHashSet());
        Assert.Equal(nodes.Select(n => n.Address).ToHashSet(), stats.Regions.Keys.ToHashSet());
        Assert.Equal(2, stats.Regions[nodes[1].Address].Stats["a"]);
        Assert.Empty(stats.Regions[nodes[0].Address].Stats);
    }

    private static void StartByDefault(ShardNode node)
    {
        var address = node.Address.ToString();
        var strategy = ShardAllocationStrategy.LeastShardAllocationStrategy(10, 1.0);
        node.StartRegion(id => Props.Create(() => new Speaker(id, address)), PoisonPill.Instance, strategy);
    }
}
