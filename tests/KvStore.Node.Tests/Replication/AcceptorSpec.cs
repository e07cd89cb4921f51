using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Disk;
using KvStore.Node.Membership;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Replication;

/// <summary>One acceptor by itself; storage and its clock are the test.</summary>
public sealed class AcceptorSpec : TestKit
{
    private static readonly PartitionId Partition = new(3);
    private static readonly TimeSpan Round = new RegisterOptions().RoundTimeout;

    private readonly NodeDisk _disk;
    private readonly CurrentRing _current = new();
    private readonly Ring _ring;
    private readonly IActorRef _acceptor;
    private readonly TestProbe _asker;
    private readonly long _life;
    private ulong _rounds;

    public AcceptorSpec(ITestOutputHelper output) : base(TestNodes.ConfigOf("""
        kv-store.node.id = "6f1d3c5a8e7b4290a1c3e5f708192a3b"
        kv-store.cluster.members = ["6f1d3c5a8e7b4290a1c3e5f708192a3b@127.0.0.1:4053"]
        kv-store.quorum { n = 1, r = 1, w = 1 }
        """).WithFallback(TestConfigs.TestSchedulerConfig), "kv", output)
    {
        var settings = NodeSettings.Read(Sys.Settings.Config);
        _disk = NodeDisk.Get(Sys);
        _disk.Open(settings, new NodeStartup(NodeId.None) { FileSystem = new MemoryFileSystem() });
        _current.Publish(_ring = StaticRing.Of(settings));
        var context = new ReplicaContext(settings, _current, new NodeStart(1), _disk, TestActor) { Peers = new Peers("kv", settings.Id) };
        _asker = CreateTestProbe();
        _acceptor = Sys.ActorOf(AcceptorActor.Props(context, Partition, TestActor));
        _life = ExpectMsg<StorageProtocol.OpenReplica>().Life;
        _acceptor.Tell(new StorageProtocol.ReplicaOpened(_life, Generation: 1, Meta: null, Tree: null));
    }

    [Fact]
    public void No_more_than_its_share_of_one_key_is_held_and_of_all_keys_together()
    {
        for (var i = 0; i < AcceptorActor.MaxOfKey; i++) Prepare("hot");
        _asker.ExpectNoMsg(TimeSpan.Zero);
        Prepare("hot");
        Assert.Equal(Refusal.Busy, _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>().Refusal);

        for (var i = AcceptorActor.MaxOfKey; i < AcceptorActor.MaxQuestions; i++) Prepare($"k{i}");
        Prepare("one more");
        Assert.Equal(Refusal.Busy, _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>().Refusal);
    }

    [Fact]
    public void While_the_disk_is_behind_nothing_is_begun()
    {
        _disk.IsBehind = true;
        Prepare("k");
        Assert.Equal(Refusal.Busy, _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>().Refusal);
        _disk.IsBehind = false;
        Prepare("k");
        ExpectMsg<StorageProtocol.Commit>();
    }

    [Fact]
    public void What_its_proposer_has_given_up_is_refused_and_changes_nothing()
    {
        Prepare("k");
        var first = ExpectMsg<StorageProtocol.Commit>().Claim;
        Prepare("k");
        Prepare("k");
        Prepare("other");
        var other = ExpectMsg<StorageProtocol.Commit>().Claim;
        ((TestScheduler)Sys.Scheduler).Advance(Round);
        Prepare("k");

        _acceptor.Tell(new StorageProtocol.Committed(_life, first.Tag));
        Assert.IsType<AcceptorReply<RegisterValue>.Promised>(_asker.ExpectMsg<ReplicaProtocol.RegisterAnswered>().Reply);
        for (var i = 0; i < 2; i++) Assert.Equal(Refusal.Expired, _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>().Refusal);
        Assert.Equal(other.Tag + 1, ExpectMsg<StorageProtocol.Commit>().Claim.Tag);
        ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>Emptied, it forgets its promise; what was asked before must not be taken for what comes after.</summary>
    [Fact]
    public void What_waited_while_its_bucket_was_emptied_is_refused()
    {
        Prepare("k");
        var first = ExpectMsg<StorageProtocol.Commit>().Claim;
        Accept("k", round: 1);
        // What comes later is answered: the Accept waits in its turn.
        Prepare("other");
        ExpectMsg<StorageProtocol.Commit>();
        Assert.Null(RingSteps.ChangeBucket(_ring, new BucketChange.Empty(BucketName.Default), out var emptied));
        _current.Publish(emptied!);

        _acceptor.Tell(new StorageProtocol.Committed(_life, first.Tag));
        _asker.ExpectMsg<ReplicaProtocol.RegisterAnswered>();
        var refused = _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>();
        Assert.Equal((Refusal.StaleEpoch, emptied!.Epoch), (refused.Refusal, refused.Epoch));
        ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>A busy partition always has something of the new epoch under way.</summary>
    [Fact]
    public void A_fence_waits_for_what_is_older_and_for_nothing_else()
    {
        Prepare("old");
        var old = ExpectMsg<StorageProtocol.Commit>().Claim;
        Prepare("old");
        var next = NextRing();
        Fence(next);
        // The second time it is asked of somebody who has not heard the answer yet.
        Fence(next);
        Prepare("new", next.Epoch);
        ExpectMsg<StorageProtocol.Commit>();
        Prepare("old", next.Epoch);

        _acceptor.Tell(new StorageProtocol.Committed(_life, old.Tag));
        Assert.Equal(next.Epoch, ExpectMsg<ReplicaProtocol.FenceReplica>().Epoch);
        ExpectMsg<StorageProtocol.Commit>();
        ExpectNoMsg(TimeSpan.Zero);
        _asker.ExpectMsg<ReplicaProtocol.RegisterAnswered>();
        Assert.Equal(Refusal.StaleEpoch, _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>().Refusal);
        Fence(next);
        ExpectMsg<ReplicaProtocol.FenceReplica>();
    }

    [Fact]
    public void What_is_older_than_a_fence_is_refused_when_it_comes()
    {
        Prepare("k");
        ExpectMsg<StorageProtocol.Commit>();
        Fence(NextRing());
        Prepare("k");
        Assert.Equal(Refusal.StaleEpoch, _asker.ExpectMsg<ReplicaProtocol.ReplicaRefused>().Refusal);
    }

    private Ring NextRing()
    {
        var create = new BucketChange.Create(
            BucketName.Create("another"), BucketPolicy.LastWriterWins, _ring.Buckets.Find(BucketName.Default)!.Quorum);
        Assert.Null(RingSteps.ChangeBucket(_ring, create, out var next));
        _current.Publish(next!);
        return next!;
    }

    private void Fence(Ring ring) => _acceptor.Tell(new ReplicaProtocol.FenceReplica(ring.Epoch, Partition), _asker.Ref);

    private void Prepare(string key, RingEpoch? epoch = null) => _acceptor.Tell(
        new ReplicaProtocol.PrepareRegister(epoch ?? _ring.Epoch, Partition, NameOf(key), BallotOf(++_rounds, epoch)), _asker.Ref);

    private void Accept(string key, ulong round) => _acceptor.Tell(
        new ReplicaProtocol.AcceptRegister(_ring.Epoch, Partition, NameOf(key), BallotOf(round), RegisterValue.Absent), _asker.Ref);

    private Ballot BallotOf(ulong round, RingEpoch? epoch = null) => new(epoch ?? _ring.Epoch, round, new NodeId(1, 1), 1);

    private static BucketKey NameOf(string key) => new(BucketName.Default, Key.Of(key));
}
