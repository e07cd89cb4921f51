using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorRuntime.Specs.ClusterSharding;

/// <summary>What a region does on a single node.</summary>
public sealed class RegionSpec : ShardingSpec
{
    [Fact]
    public async Task The_first_message_makes_the_entity_and_the_next_ones_find_it()
    {
        var nodes = await StartRegions(1);

        var first = await nodes[0].Say("a/1");
        var second = await nodes[0].Say("a/1");
        var other = await nodes[0].Say("a/2");

        Assert.Equal(("a/1", 1), (first.Entity, first.Count));
        Assert.Equal(("a/1", 2), (second.Entity, second.Count));
        Assert.Equal(("a/2", 1), (other.Entity, other.Count));
    }

    [Fact]
    public async Task Names_may_hold_what_a_path_may_not()
    {
        var nodes = await StartRegions(1);

        Assert.Equal("a b/ä?#%", (await nodes[0].Say("a b/ä?#%")).Entity);
    }

    [Fact]
    public async Task A_message_without_an_entity_goes_to_nobody()
    {
        var nodes = await StartRegions(1);

        await Assert.ThrowsAsync<AskTimeoutException>(() => nodes[0].Region.Ask("to nobody", TimeSpan.FromMilliseconds(200)));
        Assert.Empty((await State(nodes[0])).Shards);
    }

    [Fact]
    public async Task An_entity_that_asks_for_its_end_is_stopped_and_made_anew_by_the_next_message()
    {
        var nodes = await StartRegions(1);

        Assert.Equal(1, (await nodes[0].Say("a/1", "passivate")).Count);
        await Eventually(async () => Assert.Empty((await State(nodes[0])).Shards.Single().EntityIds));

        Assert.Equal(1, (await nodes[0].Say("a/1")).Count);
    }

    [Fact]
    public async Task What_is_sent_to_an_entity_that_is_ending_waits_for_its_successor()
    {
        var node = await StartNode();
        var gate = new Gate();
        node.StartRegion(id => Props.Create(() => new EndsSlowly(id, gate)), PoisonPill.Instance);
        var made = (await node.Say("a/1")).Node;
        node.Region.Tell(new Say("a/1", "end"));
        await gate.Reached.Task.WaitAsync(Soon);

        var waiting = Enumerable.Range(0, 10).Select(i => node.Say("a/1", $"{i}")).ToList();
        // The shard has them by now: it answers in order.
        await State(node);
        gate.Open.SetResult();

        var answers = await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), answers.Select(a => a.Text));
        Assert.All(answers, a => Assert.NotEqual(made, a.Node));
    }

    [Fact]
    public async Task An_entity_that_fails_is_restarted_in_its_place()
    {
        var nodes = await StartRegions(1);
        await nodes[0].Say("a/1");

        nodes[0].Region.Tell(new Say("a/1", "fail"));

        Assert.Equal(1, (await nodes[0].Say("a/1")).Count);
    }

    [Fact]
    public async Task An_entity_without_messages_is_stopped_after_the_time_that_the_setting_says()
    {
        var nodes = await StartRegions(1, "akka.cluster.sharding.passivate-idle-entity-after = 300ms");
        await nodes[0].Say("a/1");

        await Eventually(async () => Assert.Empty((await State(nodes[0])).Shards.Single().EntityIds));
    }

    [Fact]
    public async Task A_region_says_which_shards_and_entities_it_has()
    {
        var nodes = await StartRegions(1);
        await nodes[0].Say("a/1");
        await nodes[0].Say("a/2");
        await nodes[0].Say("b/1");

        var state = await State(nodes[0]);
        var stats = await nodes[0].Region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, Soon);

        Assert.Equal(["a", "b"], state.Shards.Select(s => s.ShardId).Order());
        Assert.Equal(["a/1", "a/2"], state.Shards.Single(s => s.ShardId == "a").EntityIds.Order());
        Assert.Empty(state.Failed);
        Assert.Equal(
            new Dictionary<string, int> { ["a"] = 2, ["b"] = 1 }.ToImmutableSortedDictionary(), stats.Stats.ToImmutableSortedDictionary());
    }

    [Fact]
    public async Task A_type_is_started_once_and_found_by_its_name()
    {
        var nodes = await StartRegions(1);

        Assert.Equal(nodes[0].Region, nodes[0].StartRegion());
        Assert.Equal(nodes[0].Region, nodes[0].Sharding.ShardRegion(ShardNode.Type));
        Assert.Equal([ShardNode.Type], nodes[0].Sharding.ShardTypeNames);
        Assert.ThrowsAny<Exception>(() => nodes[0].Sharding.ShardRegion("nothing"));
    }

    [Fact]
    public async Task An_entity_gets_the_message_that_the_extractor_makes()
    {
        var node = await StartNode();
        var extractor = HashCodeMessageExtractor.Create(10, m => (m as string)!, m => new Say("", $"from {m}"));
        var region = node.Sharding.Start("extracted", id => Props.Create(() => new Speaker(id, "")), node.Settings, extractor);

        Assert.Equal(new Said("x", "from x", "", 1), await region.Ask<Said>("x", Soon));
    }

    [Fact]
    public async Task An_envelope_names_its_entity_whatever_the_extractor_says()
    {
        var node = await StartNode();
        var extractor = HashCodeMessageExtractor.Create(10, _ => null!);
        var region = node.Sharding.Start("enveloped", id => Props.Create(() => new Speaker(id, "")), node.Settings, extractor);

        var answer = await region.Ask<Said>(new ShardingEnvelope("x", new Say("anything", "hello")), Soon);

        Assert.Equal(new Said("x", "hello", "", 1), answer);
    }

    private static Task<CurrentShardRegionState> State(ShardNode node) =>
        node.Region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Soon);

    /// <summary>Told "end" it asks for its end; it then stops when the gate opens. Its answers carry a mark of its own as the
    /// node.</summary>
    private sealed class EndsSlowly : ReceiveActor
    {
        public EndsSlowly(string id, Gate gate)
        {
            var mark = Self.Path.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Receive<Say>(say => say.Text == "end", _ => Context.Parent.Tell(new Passivate(new SlowToStop.Stop())));
            Receive<Say>(say => Sender.Tell(new Said(id, say.Text, mark, 0)));
            Receive<SlowToStop.Stop>(_ =>
            {
                gate.Reached.TrySetResult();
                gate.Open.Task.PipeTo(Self, success: () => new SlowToStop.Release());
            });
            Receive<SlowToStop.Release>(_ => Context.Stop(Self));
        }
    }
}
