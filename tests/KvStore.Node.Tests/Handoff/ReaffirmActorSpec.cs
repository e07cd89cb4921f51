using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Handoff;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Storage;
using KvStore.Storage.Vfs;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Handoff;

/// <summary>An old owner reaffirms its strong keys; the test is its replicas, the operations on the keys, and the ring's owner.</summary>
public sealed class ReaffirmActorSpec : TestKit
{
    private static readonly BucketName Locks = BucketName.Create("locks");

    private readonly CurrentRing _current = new();
    private readonly NodeId _self;
    private readonly PartitionId _partition;
    private readonly NodeDisk _disk;

    public ReaffirmActorSpec(ITestOutputHelper output) : base(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
    {
        var settings = NodeSettings.Read(Sys.Settings.Config);
        _self = settings.Id;
        _disk = NodeDisk.Get(Sys);
        _disk.Open(settings, new NodeStartup(NodeId.None) { FileSystem = new MemoryFileSystem() });
        var create = new BucketChange.Create(Locks, BucketPolicy.Strong, Quorum.OfMajorities(1, sloppy: false));
        Assert.Null(BucketCatalogue.New(replicas: 1).Apply(create, RingEpoch.First, replicas: 1, out var buckets));
        var first = RingPlanner.Create(new ClusterId(7, 7), [RingMember.Of(_self, "host-1:4053")], 64, replicas: 1, buckets);
        var joining = RingMember.Of(new NodeId(2UL << 56, 1), "host-2:4053") with { Status = RingMemberStatus.Joining };
        Assert.Null(RingPlanner.Plan(first, [new RingChange.Join(joining)], partitionBytes: null, out var plan));
        _partition = plan!.Next.Partitions.First(partition => plan.Next.PhaseOf(partition) == MovePhase.Waiting);
        _current.Publish(RingSteps.Advance(plan.Next, new Dictionary<PartitionId, MovePhase> { [_partition] = MovePhase.WriteBothReadOld }));
    }

    [Fact]
    public void Keys_are_listed_after_the_fence_and_it_is_said_when_all_are_written_back()
    {
        Hold(Locks, "door");
        var actor = Ask();
        ExpectMsg<ReplicaProtocol.FenceReplica>();
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Hold(Locks, "gate");

        actor.Tell(new ReplicaProtocol.ReplicaFenced(_self, _partition, Epoch));
        var operations = new[] { ExpectMsg<Begun>(), ExpectMsg<Begun>() };
        Assert.Equal(["door", "gate"], operations.Select(begun => begun.Request.Key.Key.ToString()).Order());
        Assert.All(operations, begun => Assert.Equal(2, begun.Plan.WriteTargets.Count()));
        Answer(operations[0], Done);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Answer(operations[1], Done);

        Assert.Equal(Epoch, ExpectMsg<ReplicaProtocol.KeysReaffirmed>().Epoch);
        actor.Tell(new ReplicaProtocol.ReaffirmKeys(Epoch, _partition));
        ExpectMsg<ReplicaProtocol.KeysReaffirmed>();
    }

    [Fact]
    public void A_key_without_a_majority_is_tried_again()
    {
        Hold(Locks, "door");
        Ask().Tell(new ReplicaProtocol.ReplicaFenced(_self, _partition, Epoch));
        ExpectMsg<ReplicaProtocol.FenceReplica>();

        Answer(ExpectMsg<Begun>(), new RegisterOutcome.Unknown(RegisterFailure.NoMajority));
        Answer(ExpectMsg<Begun>(), Done);

        ExpectMsg<ReplicaProtocol.KeysReaffirmed>();
    }

    [Fact]
    public void What_is_left_of_a_bucket_that_is_no_more_moves_nowhere()
    {
        Hold(BucketName.Create("gone"), "door");
        Ask().Tell(new ReplicaProtocol.ReplicaFenced(_self, _partition, Epoch));
        ExpectMsg<ReplicaProtocol.FenceReplica>();
        ExpectMsg<ReplicaProtocol.KeysReaffirmed>();
    }

    private static RegisterOutcome.Done Done => new(RegisterValue.Absent, 0);

    private RingEpoch Epoch => _current.Value!.Epoch;

    private void Hold(BucketName bucket, string key)
    {
        var state = new AcceptorState<RegisterValue>(
            new Ballot(RingEpoch.First, 1, _self, 1), new Ballot(RingEpoch.First, 1, _self, 1), RegisterValue.Absent);
        _disk.Store.Put(DataKeys.Register(_partition, new BucketKey(bucket, Key.Of(key))), WireCodec.EncodeRegister(state));
    }

    private IActorRef Ask()
    {
        var context = new HandoffContext(_self, _disk, ActorRefs.Nobody, TestActor, _current, _ => ActorRefs.Nobody, TestActor)
        {
            OperationOn = (plan, request, asker) => Props.Create(() => new Operation(TestActor, new Begun(plan, request, asker))),
        };
        var ask = new ReplicaProtocol.ReaffirmKeys(Epoch, _partition);
        var actor = Sys.ActorOf(ReaffirmActor.Props(context, ask));
        actor.Tell(ask);
        return actor;
    }

    private static void Answer(Begun begun, RegisterOutcome outcome) =>
        begun.Asker.Tell(new ClientProtocol.RegisterDone(begun.Request.Request, outcome), ActorRefs.NoSender);

    private sealed record Begun(PreferenceList Plan, ClientProtocol.DoRegister Request, IActorRef Asker);

    private sealed class Operation : ReceiveActor
    {
        public Operation(IActorRef test, Begun begun) => test.Tell(begun);
    }
}
