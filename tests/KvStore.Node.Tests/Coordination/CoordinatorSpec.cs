using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Coordination;
using KvStore.Node.Membership;
using KvStore.Node.Replication;
using KvStore.Node.Settings;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Coordination;

/// <summary>The coordinator by itself, with room for two requests; replicas and the ring's owner are the test.</summary>
public sealed class CoordinatorSpec : TestKit
{
    private static readonly BucketName Strong = BucketName.Create("strong");
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    private readonly NodeSettings _settings;
    private readonly RequestContext _context;
    private ulong _requests;

    public CoordinatorSpec(ITestOutputHelper output) : base(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
    {
        _settings = NodeSettings.Read(Sys.Settings.Config);
        var (ring, current) = (StaticRing.Of(_settings), new CurrentRing());
        current.Publish(ring);
        _context = new RequestContext(
            current, TestActor, new Peers("kv", _settings.Id), TestActor, new CurrentReachability(), _settings.Timeouts,
            ContextSeals.Of(_settings.Cluster, ring), new BallotSource(_settings.Id, 1))
        {
            Hints = TestActor,
            AntiEntropy = TestActor,
            Requests = new RequestCounters(),
        };
    }

    [Fact]
    public void A_request_that_fails_is_not_done_again_and_leaves_its_place_once()
    {
        var coordinator = Start(_context);
        var child = Begin(coordinator);
        Watch(child);
        child.Tell(new ReplicaProtocol.ReplicaRead(_settings.Id, null!));
        ExpectTerminated(child);

        HasTwoPlaces(coordinator);
    }

    [Fact]
    public void A_coordinator_that_starts_again_has_as_many_places_as_before()
    {
        var coordinator = Start(_context with { Contexts = null! });
        var child = Begin(coordinator);
        Watch(child);
        coordinator.Tell(new ClientProtocol.Put(Next(), new BucketKey(BucketName.Default, default), null, Budget), TestActor);
        ExpectTerminated(child);

        HasTwoPlaces(coordinator);
    }

    [Theory]
    [InlineData("in its constructor")]
    [InlineData("in its first step")]
    public async Task A_request_that_cannot_begin_takes_no_place(string where)
    {
        var coordinator = Start(where == "in its constructor" ? _context with { Timeouts = null! } : _context with { Replicas = null! });
        for (var i = 0; i < 3; i++)
        {
            coordinator.Tell(Get(), TestActor);
            await AwaitConditionAsync(() => Task.FromResult(_context.Requests.Started > i && !((ActorRefWithCell)coordinator).Children.Any()));
        }

        for (var i = 0; i < 2; i++)
        {
            Change(coordinator);
            ExpectMsg<RingCommands.ChangeBucket>();
        }
        Change(coordinator);
        ExpectMsg<ClientProtocol.Busy>();
    }

    [Fact]
    public void A_change_goes_to_the_first_owner_with_the_epoch_of_the_ring_that_says_so()
    {
        var (coordinator, ring, key) = StartBesideAnother();
        coordinator.Tell(PutOf(key), TestActor);
        Assert.Equal(ring.Epoch, ExpectMsg<ClientProtocol.Put>().PassedOn);
        coordinator.Tell(DoOf(key), TestActor);
        Assert.Equal(ring.Epoch, ExpectMsg<ClientProtocol.DoRegister>().PassedOn);
        // Who passed it on by the same ring, or an older one, could not reach the first, and this node can.
        coordinator.Tell(PutOf(key) with { PassedOn = ring.Epoch }, TestActor);
        ExpectMsg<ClientProtocol.Put>();
    }

    [Fact]
    public void A_change_that_was_passed_on_by_a_newer_ring_is_not_sent_back()
    {
        var (coordinator, ring, key) = StartBesideAnother();
        coordinator.Tell(PutOf(key) with { PassedOn = ring.Epoch.Next() }, TestActor);
        ExpectMsg<ReplicaActor.MintReplica>();
        coordinator.Tell(DoOf(key) with { PassedOn = ring.Epoch.Next() }, TestActor);
        ExpectMsg<ReplicaProtocol.PrepareRegister>();
    }

    [Fact]
    public void A_write_passed_on_by_a_newer_ring_to_a_node_that_is_no_owner_by_its_own_is_refused_as_busy()
    {
        var (coordinator, ring, key) = StartBesideAnother(copies: 1);
        var put = PutOf(key) with { PassedOn = ring.Epoch.Next() };
        coordinator.Tell(put, TestActor);
        Assert.Equal(put.Request, ExpectMsg<ClientProtocol.Busy>().Request);
    }

    /// <summary>A ring of two, where the other, which can be reached, is the first owner of the key in both buckets.</summary>
    private (IActorRef Coordinator, Ring Ring, Func<BucketName, BucketKey> Key) StartBesideAnother(int copies = 2)
    {
        var other = new NodeId(1, 1);
        var create = new BucketChange.Create(Strong, BucketPolicy.Strong, Quorum.OfMajorities(copies, sloppy: false));
        Assert.Null(BucketCatalogue.New(copies).Apply(create, RingEpoch.First, copies, out var buckets));
        RingMember[] members = [RingMember.Of(other, "127.0.0.1:1"), RingMember.Of(_settings.Id, "127.0.0.1:4053")];
        var ring = RingPlanner.Create(new ClusterId(1, 1), members, 64, copies, buckets);
        _context.Current.Publish(ring);
        var peer = _context.Peers.AddressOf(ring.Member(other)!);
        peer.IsOpen = true;
        _context.Peers.OnLinkOpened(peer, TestActor);
        return (Start(_context), ring, bucket => Enumerable.Range(0, 1000).Select(i => new BucketKey(bucket, Key.Of($"k{i}")))
            .First(key => ring.PreferenceList(key, copies).Primaries[0] == other));
    }

    private ClientProtocol.Put PutOf(Func<BucketName, BucketKey> key) => new(Next(), key(BucketName.Default), null, Budget);

    private ClientProtocol.DoRegister DoOf(Func<BucketName, BucketKey> key) => new(Next(), key(Strong), new RegisterCommand.Get(), Budget);

    private IActorRef Start(RequestContext context) => Sys.ActorOf(CoordinatorActor.Props(context, maxInFlight: 2), "coordinator");

    /// <summary>Two requests are taken, and the next refused.</summary>
    private void HasTwoPlaces(IActorRef coordinator)
    {
        Begin(coordinator);
        Begin(coordinator);
        coordinator.Tell(Get(), TestActor);
        ExpectMsg<ClientProtocol.Busy>();
    }

    /// <summary>A request that is under way now: its child.</summary>
    private IActorRef Begin(IActorRef coordinator)
    {
        coordinator.Tell(Get(), TestActor);
        ExpectMsg<ReplicaProtocol.ReadReplica>();
        return LastSender;
    }

    private void Change(IActorRef coordinator) =>
        coordinator.Tell(new ClientProtocol.ChangeBucket(Next(), new BucketChange.Drop(BucketName.Default)), TestActor);

    private ClientProtocol.Get Get() => new(Next(), new BucketKey(BucketName.Default, Key.Of("fruit")), Budget);

    private RequestId Next() => new(1, ++_requests);
}
