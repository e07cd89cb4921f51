using Akka.Actor;
using Akka.Routing;

namespace ActorRuntime.Specs.Routing;

public sealed class ConsistentHashingSpec : Spec
{
    [Fact]
    public void Messages_of_one_key_go_to_one_routee()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new ConsistentHashingPool(5)));

        foreach (var key in Keys(20))
        {
            var routees = Enumerable.Range(0, 5).Select(_ => Routee(router, new Keyed(key))).Distinct();
            Assert.Single(routees);
        }
    }

    [Fact]
    public void Keys_spread_over_all_routees()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new ConsistentHashingPool(4).WithVirtualNodesFactor(50)));

        Assert.Equal(4, Keys(200).Select(k => Routee(router, new Keyed(k))).Distinct().Count());
    }

    [Fact]
    public void The_key_can_be_in_an_envelope_which_is_taken_off()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new ConsistentHashingPool(5)));

        Assert.Single(Enumerable.Range(0, 10).Select(i => Routee(router, new ConsistentHashableEnvelope($"message {i}", "key"))).Distinct());
    }

    [Fact]
    public void The_key_can_come_from_a_mapping()
    {
        var router = Sys.ActorOf(Worker().WithRouter(
            new ConsistentHashingPool(5).WithHashMapping(m => m is string text ? text.Split(':')[0] : null!)));

        Assert.Single(Enumerable.Range(0, 10).Select(i => Routee(router, $"key:{i}")).Distinct());
    }

    [Fact]
    public void The_key_decides_the_same_whichever_way_it_is_given()
    {
        var router = Sys.ActorOf(Worker().WithRouter(
            new ConsistentHashingPool(5).WithHashMapping(m => m is string text ? text.Split(':')[0] : null!)));

        foreach (var key in Keys(20))
        {
            Assert.Equal(Routee(router, new Keyed(key)), Routee(router, $"{key}:x"));
            Assert.Equal(Routee(router, new Keyed(key)), Routee(router, new ConsistentHashableEnvelope("x", key)));
        }
    }

    [Fact]
    public void A_message_without_a_key_is_not_routed()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new ConsistentHashingPool(2)));
        router.Tell(4711);

        router.Tell(new Keyed("key"));

        ExpectMsg<string>(Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_group_hashes_over_the_paths()
    {
        foreach (var name in (string[])["x", "y", "z"])
        {
            Sys.ActorOf(Worker(), name);
        }
        var one = Sys.ActorOf(Props.Empty.WithRouter(new ConsistentHashingGroup("/user/x", "/user/y", "/user/z")));
        var other = Sys.ActorOf(Props.Empty.WithRouter(new ConsistentHashingGroup("/user/z", "/user/x", "/user/y")));

        Assert.All(Keys(50), k => Assert.Equal(Routee(one, new Keyed(k)), Routee(other, new Keyed(k))));
    }

    [Fact]
    public void When_a_node_is_taken_away_only_its_keys_move()
    {
        var hash = ConsistentHash.Create(["a", "b", "c", "d"], 50);
        var before = Keys(1000).ToDictionary(k => k, hash.NodeFor);

        var without = hash.Remove("c");

        Assert.All(before.Where(e => e.Value != "c"), e => Assert.Equal(e.Value, without.NodeFor(e.Key)));
        Assert.All(before.Where(e => e.Value == "c"), e => Assert.NotEqual("c", without.NodeFor(e.Key)));
    }

    [Fact]
    public void When_a_node_is_added_keys_move_to_it_alone()
    {
        var hash = ConsistentHash.Create(["a", "b", "c"], 50);
        var before = Keys(1000).ToDictionary(k => k, hash.NodeFor);

        var with = hash.Add("d");

        Assert.All(before, e => Assert.Contains(with.NodeFor(e.Key), (string[])[e.Value, "d"]));
        Assert.Contains(before, e => with.NodeFor(e.Key) == "d");
    }

    [Fact]
    public void The_order_of_the_nodes_makes_no_difference()
    {
        var one = ConsistentHash.Create(["a", "b", "c"], 10);
        var other = ConsistentHash.Create(["c", "a", "b"], 10);

        Assert.All(Keys(200), k => Assert.Equal(one.NodeFor(k), other.NodeFor(k)));
    }

    [Fact]
    public void An_empty_hash_has_no_node_for_a_key()
    {
        var hash = ConsistentHash.Create(Array.Empty<string>(), 10);

        Assert.True(hash.IsEmpty);
        Assert.ThrowsAny<InvalidOperationException>(() => hash.NodeFor("key"));
    }

    private static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(i => $"key-{i}");

    private static Props Worker() => Props.Create(() => new Named());

    private string Routee(IActorRef router, object message)
    {
        router.Tell(message);
        return ExpectMsg<string>(Soon);
    }

    private sealed record Keyed(string Key) : IConsistentHashable
    {
        public object ConsistentHashKey => Key;
    }

    private sealed class Named : ReceiveActor
    {
        public Named() => ReceiveAny(_ => Sender.Tell(Self.Path.Name));
    }
}
