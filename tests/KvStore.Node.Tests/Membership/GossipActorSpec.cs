using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Membership;

/// <summary>A node's gossip by itself; the other member's link, and the ring's owner, are the test.</summary>
public sealed class GossipActorSpec : TestKit
{
    private static readonly NodeId Other = new(1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NodeContext _node;

    public GossipActorSpec(ITestOutputHelper output)
        : base(TestNodes.ConfigOf("kv-store.timeouts.gossip-interval = 50ms\n" + TestNodes.Alone), "kv", output)
    {
        var settings = NodeSettings.Read(Sys.Settings.Config);
        var self = RingMember.Of(settings.Id, "127.0.0.1:4053");
        var ring = RingPlanner.Create(new ClusterId(1, 1), [RingMember.Of(Other, "127.0.0.1:1"), self], 64, replicas: 2);
        _node = new NodeContext(settings, self, new NodeStart(1), NodeDisk.Get(Sys), new Peers("kv", settings.Id));
        _node.Ring.Publish(ring);
        _node.Peers.OnLinkOpened(_node.Peers.AddressOf(ring.Member(Other)!), TestActor);
    }

    [Fact]
    public void After_a_failure_it_goes_on_counting_where_it_was_so_that_the_others_believe_it()
    {
        var gossip = Sys.ActorOf(GossipActor.Props(_node, TestActor), "gossip");
        var before = Enumerable.Range(0, 3).Select(_ => NextCount()).ToList();
        Fail(gossip);
        var all = before.Concat(Enumerable.Range(0, 3).Select(_ => NextCount())).ToList();
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.Second > pair.First, string.Join(", ", all)));
    }

    [Fact]
    public void After_a_failure_nobody_is_out_of_reach_for_what_was_thought_before_it()
    {
        var gossip = Sys.ActorOf(GossipActor.Props(_node, TestActor), "gossip");
        NextCount();
        _node.Reachability.Publish(new Reachability(1, [Other]));
        Fail(gossip);
        NextCount();
        NextCount();
        Assert.True(_node.Reachability.IsReachable(Other));
    }

    /// <summary>Whatever it was: here it is a message without what it should bring.</summary>
    private static void Fail(IActorRef gossip) => gossip.Tell(new GossipProtocol.Gossip(Other, null!), ActorRefs.NoSender);

    private ulong NextCount()
    {
        var offer = Assert.IsType<GossipMessage.Offer>(ExpectMsg<GossipProtocol.Gossip>(Patience).Message);
        return Assert.Single(offer.Digests).Count;
    }
}
