using Akka.Actor;
using Akka.Cluster;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>Three nodes of which one is killed. The coordinator lives on the first.</summary>
public sealed class CoordinatorLossSpec : ShardingSpec
{
    [Fact]
    public async Task Without_the_coordinator_known_shards_go_on_and_new_ones_wait_until_it_is_downed()
    {
        var nodes = await StartRegions(3);
        Wishes.Wish("here", nodes[1].Address);
        Wishes.Wish("there", nodes[2].Address);
        Wishes.Wish("gone", nodes[0].Address);
        foreach (var shard in (string[])["here", "there", "gone"])
        {
            await nodes[1].Say($"{shard}/1");
        }

        await nodes[0].Kill();
        await Unreachable(nodes[1], nodes[0]);
        var unallocated = Enumerable.Range(0, 10).Select(i => nodes[1 + i % 2].Say($"new{i % 4}/1", $"{i}")).ToList();

        Assert.Equal(nodes[1].Address.ToString(), await nodes[1].WhereIs("here/1"));
        Assert.Equal(nodes[2].Address.ToString(), await nodes[1].WhereIs("there/1"));
        await Assert.ThrowsAsync<AskTimeoutException>(() => nodes[1].Say("gone/1", within: Silence));
        Assert.DoesNotContain(unallocated, u => u.IsCompleted);

        nodes[1].Cluster.Down(nodes[0].Address);

        var answers = await Task.WhenAll(unallocated);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), answers.Select(a => a.Text));
        // What was known is still where it was, with the entity that was there; what was lost is made anew elsewhere.
        Assert.True((await nodes[1].Say("here/1")).Count > 2);
        Assert.Equal(nodes[2].Address.ToString(), await nodes[1].WhereIs("there/1"));
        await Eventually(async () =>
            Assert.NotEqual(nodes[0].Address.ToString(), (await nodes[1].Say("gone/1", within: TimeSpan.FromSeconds(1))).Node));
        await Registered(nodes[2], 2);
    }

    [Fact]
    public async Task A_region_that_is_killed_keeps_its_shards_silent_until_it_is_downed()
    {
        var nodes = await StartRegions(3);
        Wishes.Wish("a", nodes[2].Address);
        await nodes[0].Say("a/1");

        await nodes[2].Kill();
        await Unreachable(nodes[0], nodes[2]);

        await Assert.ThrowsAsync<AskTimeoutException>(() => nodes[0].Say("a/1", within: Silence));
        nodes[0].Cluster.Down(nodes[2].Address);
        await Eventually(async () =>
            Assert.NotEqual(nodes[2].Address.ToString(), (await nodes[1].Say("a/1", within: TimeSpan.FromSeconds(1))).Node));
    }

    [Fact]
    public async Task While_a_killed_node_is_a_member_no_shard_is_allocated()
    {
        var nodes = await StartRegions(3);
        await nodes[2].Kill();
        await Unreachable(nodes[0], nodes[2]);

        await Assert.ThrowsAsync<AskTimeoutException>(() => nodes[0].Say("a/1", within: Silence));
        var waiting = nodes[1].Say("b/1");
        nodes[0].Cluster.Down(nodes[2].Address);

        await waiting;
        await nodes[0].Say("a/1");
    }
}
