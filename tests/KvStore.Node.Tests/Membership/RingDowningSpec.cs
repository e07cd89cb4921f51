using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Membership;
using KvStore.Node.Settings;

namespace KvStore.Node.Tests.Membership;

/// <summary>
/// Two actor systems in one cluster, of which one is killed: it is given up when the ring has let go of it, and not before.
/// </summary>
public sealed class RingDowningSpec : TestKit
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly ActorSystem _other = ActorSystem.Create("pair", Settings);
    private readonly Ring _ring;

    public RingDowningSpec()
        : base(ActorSystem.Create("pair", Settings))
    {
        _ring = RingPlanner.Create(new ClusterId(1, 1), [MemberOf(1, Sys), MemberOf(2, _other)], Ring.MinPartitions, replicas: 1);
    }

    private static Config Settings => ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          coordinated-shutdown.run-by-actor-system-terminate = off
          remote.dot-netty.tcp.port = 0
          cluster.failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 500ms }
        }
        """).WithFallback(ConfigurationFiles.Reference);

    [Fact]
    public async Task Silence_gives_up_nobody_until_the_ring_has_let_go_of_the_node()
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Soon);
        await Cluster.Get(_other).JoinAsync(cluster.SelfAddress).WaitAsync(Soon);
        Sys.EventStream.Publish(new CurrentRing.RingChanged(_ring));
        cluster.Subscribe(TestActor, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.MemberDowned));

        await _other.Terminate();
        ExpectMsg<ClusterEvent.UnreachableMember>(Soon);
        ExpectNoMsg(TimeSpan.FromSeconds(1));
        Sys.EventStream.Publish(new CurrentRing.RingChanged(WithoutTheOther()));

        Assert.Equal(Cluster.Get(_other).SelfAddress, ExpectMsg<ClusterEvent.MemberDowned>(Soon).Member.Address);
    }

    protected override void AfterAll()
    {
        _other.Terminate().Wait(Soon);
        Sys.Terminate().Wait(Soon);
        base.AfterAll();
    }

    private Ring WithoutTheOther() => new(
        _ring.Cluster, _ring.Epoch.Next(), _ring.Replicas, [.. _ring.Members.Take(1)],
        [.. _ring.Owners.Select(_ => _ring.Members[0].Id)], removed: [_ring.Members[1].Id]);

    private static RingMember MemberOf(ulong number, ActorSystem system)
    {
        var address = Cluster.Get(system).SelfAddress;
        return RingMember.Of(new NodeId(0, number), $"{address.Host}:{address.Port}");
    }
}
