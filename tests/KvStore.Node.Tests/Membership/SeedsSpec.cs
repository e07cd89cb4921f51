using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Membership;

/// <summary>A node that asks to be let in where nobody is.</summary>
public sealed class SeedsSpec(ITestOutputHelper output) : TestKit(ConfigurationFactory.ParseString("""
    akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
    """), "kv", output)
{
    [Fact]
    public void A_node_that_no_seed_answers_says_so_at_a_slow_pace()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var asked = new Nobody();
        Sys.ActorOf(RingOwnerActor.Props(new RingOwnerContext(
            RingMember.Of(new NodeId(1, 1), "joiner:4053"), Start: 1, asked, new CurrentRing(), new CurrentReachability())
        {
            Seeds = ["first:4053", "second:4053"],
            TickInterval = TimeSpan.FromMilliseconds(5),
        }));

        foreach (var asks in new[] { 11, 71 })
        {
            var warning = FishForMessage<Warning>(_ => true, TimeSpan.FromSeconds(10)).ToString();
            Assert.Contains("none of kv-store.cluster.seeds answers: first:4053, second:4053", warning, StringComparison.Ordinal);
            Assert.True(asked.Times >= asks - 1, $"it was said after {asked.Times} times");
        }
    }

    private sealed class Nobody : IRingRoutes
    {
        private int _times;

        public int Times => Volatile.Read(ref _times);

        public IActorRef RingAt(string place)
        {
            Interlocked.Increment(ref _times);
            return ActorRefs.Nobody;
        }

        public IActorRef RingOf(NodeId node) => ActorRefs.Nobody;

        public IActorRef ReplicasOf(NodeId node) => ActorRefs.Nobody;

        public IActorRef HandoffOf(NodeId node) => ActorRefs.Nobody;
    }
}
