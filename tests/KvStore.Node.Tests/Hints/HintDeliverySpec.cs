using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node.Disk;
using KvStore.Node.Hints;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Hints;

/// <summary>A stand-in brings a copy to an owner; the test is the hint actor, and its probes are the replicas here and the node there.</summary>
public sealed class HintDeliverySpec : TestKit
{
    private static readonly NodeId Target = new(7, 1);
    private static readonly NodeId Away = new(7, 2);
    private static readonly SiblingSet Held = SiblingSet.Empty.Update(
        VersionVector.Empty, Sibling.OfValue(new Dot(Incarnation.Of(Away, 1, 1), 1), new byte[] { 1, 2, 3 }));

    private readonly TestProbe _replicas;
    private readonly TestProbe _target;
    private readonly HintContext _context;

    public HintDeliverySpec(ITestOutputHelper output) : base(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
    {
        var settings = NodeSettings.Read(Sys.Settings.Config);
        (_replicas, _target) = (CreateTestProbe(), CreateTestProbe());
        var peers = new Peers("kv", settings.Id);
        var member = RingMember.Of(Target, "127.0.0.1:4054");
        peers.OnLinkOpened(peers.AddressOf(member), _target.Ref);
        var current = new CurrentRing();
        current.Publish(RingPlanner.Create(new ClusterId(7, 7), [RingMember.Of(settings.Id, "127.0.0.1:4053"), member], 64, replicas: 2));
        _context = new HintContext(
            settings.Hints, current, peers, new CurrentReachability(), NodeDisk.Get(Sys), ActorRefs.Nobody, _replicas.Ref, ActorRefs.Nobody)
        {
            Counters = new HealingCounters(),
        };
    }

    [Fact]
    public void An_owner_that_stored_its_own_copy_has_it()
    {
        Deliver(Target, isOnBehalf: false);
        _target.ExpectMsg<ReplicaProtocol.StoreReplica>();
        _target.Reply(new ReplicaProtocol.ReplicaStored(Target, Durable: true));
        Assert.Equal(Held.Hash, ExpectMsg<HintDelivery.Delivered>().Hash);
    }

    [Fact]
    public void A_copy_given_to_another_owner_is_delivered_when_that_one_says_that_it_knows_whose_it_was()
    {
        Deliver(Away, isOnBehalf: true);
        _target.ExpectMsg<ReplicaProtocol.StoreReplica>();
        _target.Reply(new ReplicaProtocol.ReplicaStored(Target, Durable: true));
        Assert.Equal(Away, _target.ExpectMsg<NodeProtocol.RangeDirty>().Owner);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        _target.Reply(new NodeProtocol.RangeMarked(Target));
        Assert.Equal(Away, ExpectMsg<HintDelivery.Delivered>().Hint.Owner);
    }

    [Fact]
    public void What_an_owner_refuses_is_not_delivered()
    {
        Deliver(Target, isOnBehalf: false);
        _target.ExpectMsg<ReplicaProtocol.StoreReplica>();
        _target.Reply(new ReplicaProtocol.ReplicaRefused(Target, Refusal.Busy, RingEpoch.None));
        Assert.Equal(Target, ExpectMsg<HintDelivery.Undelivered>().Hint.Owner);
    }

    private void Deliver(NodeId owner, bool isOnBehalf)
    {
        var hint = new HintId(owner, new PartitionId(3), new BucketKey(BucketName.Default, Key.Of("a")));
        ActorOfAsTestActorRef<HintDelivery>(HintDelivery.Props(_context, Target), TestActor)
            .Tell(new HintDelivery.Deliver(hint, Generation: 1, isOnBehalf));
        _replicas.ExpectMsg<ReplicaProtocol.ReadReplica>();
        _replicas.Reply(new ReplicaProtocol.ReplicaRead(_context.Self, ReadAnswer.Found(Held, provisional: true)));
    }
}
