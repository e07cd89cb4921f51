using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Handoff;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Data;
using KvStore.Node.Disk;
using KvStore.Node.Handoff;
using KvStore.Node.Membership;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Handoff;

/// <summary>One batch of a stream; the test is its parent and its replica.</summary>
public sealed class BatchActorSpec : TestKit
{
    private static readonly NodeId Newcomer = new(2UL << 56, 1);

    private readonly CurrentRing _current = new();
    private readonly PartitionId _partition;
    private readonly NodeDisk _disk;
    private Ring _ring;

    public BatchActorSpec(ITestOutputHelper output) : base(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
    {
        _disk = NodeDisk.Get(Sys);
        _disk.Open(NodeSettings.Read(Sys.Settings.Config), new NodeStartup(NodeId.None) { FileSystem = new MemoryFileSystem() });
        var first = RingPlanner.Create(new ClusterId(7, 7), [RingMember.Of(new NodeId(1UL << 56, 1), "host-1:4053")], 64);
        var joining = RingMember.Of(Newcomer, "host-2:4053") with { Status = RingMemberStatus.Joining };
        RingPlanner.Plan(first, [new RingChange.Join(joining)], partitionBytes: null, out var plan);
        _ring = plan!.Next;
        _partition = _ring.Partitions.First(IsWaiting);
        Advance(_partition, MovePhase.WriteBothReadOld);
    }

    [Fact]
    public void A_batch_is_offered_again_under_the_epoch_that_another_partitions_move_has_made()
    {
        var batch = Offer();
        var first = ExpectMsg<ReplicaActor.StoreStreamed>();
        Advance(_ring.Partitions.First(IsWaiting), MovePhase.WriteBothReadOld);
        batch.Tell(new ReplicaProtocol.ReplicaRefused(Newcomer, Refusal.StaleEpoch, _ring.Epoch));
        var second = ExpectMsg<ReplicaActor.StoreStreamed>();
        Assert.Equal((first.Epoch.Next(), first.Key), (second.Epoch, second.Key));
        batch.Tell(new ReplicaProtocol.ReplicaStored(Newcomer, Durable: true));
        ExpectMsg<BatchActor.BatchStored>();
    }

    [Fact]
    public void Nothing_is_offered_once_the_partition_is_not_being_filled_any_more()
    {
        var batch = Offer(patience: TimeSpan.FromMilliseconds(200));
        ExpectMsg<ReplicaActor.StoreStreamed>();
        Advance(_partition, MovePhase.WriteBothReadNew);
        batch.Tell(new ReplicaProtocol.ReplicaRefused(Newcomer, Refusal.StaleEpoch, _ring.Epoch));
        ExpectMsg<BatchActor.BatchLost>();
    }

    [Fact]
    public void A_replica_that_never_answers_ends_the_fill()
    {
        Offer(patience: TimeSpan.FromMilliseconds(200));
        ExpectMsg<ReplicaActor.StoreStreamed>();
        ExpectMsg<BatchActor.BatchLost>();
    }

    [Fact]
    public void What_is_held_here_and_is_not_in_the_batch_is_offered_as_nothing_a_page_at_a_time()
    {
        var held = Enumerable.Range(0, 300).Select(number => NameOf($"kept-{number:d3}")).Append(NameOf("fruit")).Order().ToArray();
        foreach (var name in held) _disk.Store.Put(DataKeys.State(_partition, name), [1]);
        var batch = Offer();
        var offered = new List<BucketKey>();
        while (offered.Count < held.Length)
        {
            var offer = ExpectMsg<ReplicaActor.StoreStreamed>();
            offered.Add(offer.Key);
            batch.Tell(new ReplicaProtocol.ReplicaStored(Newcomer, Durable: true));
        }
        ExpectMsg<BatchActor.BatchStored>();
        Assert.Equal(held, offered.Order());
    }

    private bool IsWaiting(PartitionId partition) => _ring.PhaseOf(partition) == MovePhase.Waiting;

    private void Advance(PartitionId partition, MovePhase phase)
    {
        _ring = RingSteps.Advance(_ring, new Dictionary<PartitionId, MovePhase> { [partition] = phase });
        _current.Publish(_ring);
    }

    private static BucketKey NameOf(string key) => new(BucketName.Default, Key.Of(key));

    private IActorRef Offer(TimeSpan? patience = null)
    {
        var context = new HandoffContext(Newcomer, _disk, ActorRefs.Nobody, TestActor, _current, _ => ActorRefs.Nobody, ActorRefs.Nobody)
        {
            OperationOn = (_, _, _) => Props.Empty,
            RetryPause = TimeSpan.FromMilliseconds(1),
            StorePatience = patience ?? TimeSpan.FromMinutes(1),
        };
        var handoff = new HandoffId(_partition, new NodeId(1UL << 56, 1), Newcomer, _ring.Epoch);
        var items = ImmutableArray.Create(HandoffItem.Of(NameOf("fruit"), SiblingSet.Empty));
        var store = new HandoffEffect.Store(handoff, 1, After: null, items, new HandoffProgress(items[0].Key, IsComplete: true, VersionVector.Empty));
        return ChildActorOf(BatchActor.Props(context, session: 1, store));
    }
}
