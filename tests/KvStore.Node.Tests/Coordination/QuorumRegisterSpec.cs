using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using KvStore.Core.Buckets;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Node.Coordination;
using KvStore.Node.Membership;
using KvStore.Node.Settings;
using KvStore.Wire;
using Xunit.Abstractions;

namespace KvStore.Node.Tests.Coordination;

/// <summary>One operation on a strong key by itself; the acceptor, the ring's owner and the client are the test.</summary>
public sealed class QuorumRegisterSpec : TestKit
{
    private static readonly BucketKey Door = new(BucketName.Default, Key.Of("door"));

    private readonly NodeId _self;
    private readonly Ring _ring;
    private readonly RequestContext _context;

    public QuorumRegisterSpec(ITestOutputHelper output) : base(TestNodes.ConfigOf(TestNodes.Alone), "kv", output)
    {
        var settings = NodeSettings.Read(Sys.Settings.Config);
        var current = new CurrentRing();
        current.Publish(_ring = StaticRing.Of(settings));
        _self = settings.Id;
        _context = new RequestContext(
            current, TestActor, new Peers("kv", _self), TestActor, new CurrentReachability(), settings.Timeouts,
            ContextSeals.Of(settings.Cluster, _ring), new BallotSource(_self, 1))
        {
            Hints = TestActor,
            AntiEntropy = TestActor,
            Requests = new RequestCounters(),
        };
    }

    [Fact]
    public void A_rejection_by_a_newer_ballot_has_the_ring_fetched_and_a_round_of_it_begun()
    {
        var operation = Begin();
        var quorum = Quorum.OfMajorities(1, sloppy: false);
        var next = RingAfter(new BucketChange.Create(BucketName.Create("another"), BucketPolicy.LastWriterWins, quorum));
        Reject(operation, next.Epoch);
        operation.Tell(new CurrentRing.RingChanged(next));
        Assert.Equal(next.Epoch, ExpectMsg<ReplicaProtocol.PrepareRegister>().Ballot.Epoch);
    }

    [Fact]
    public void What_was_proposed_before_the_bucket_was_emptied_is_unknown()
    {
        var operation = Begin();
        var emptied = RingAfter(new BucketChange.Empty(BucketName.Default));
        Reject(operation, emptied.Epoch);
        operation.Tell(new CurrentRing.RingChanged(emptied));
        Assert.Equal(
            new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince), ExpectMsg<ClientProtocol.RegisterDone>().Outcome);
    }

    [Fact]
    public void A_repetition_that_the_register_may_have_forgotten_is_unknown()
    {
        var operation = Start(isRepeat: true);
        var full = Enumerable.Range(2, RegisterValue.MaxRecent).Select(i => new RecentRequest(new RequestId(9, (ulong)i), (ulong)i)).ToImmutableArray();
        Promise(operation, new RegisterValue(new byte[] { 1 }, RegisterValue.MaxRecent + 1, full));
        Assert.Equal(
            new RegisterOutcome.Unknown(RegisterFailure.TooManyChangesSince), ExpectMsg<ClientProtocol.RegisterDone>().Outcome);
    }

    /// <summary>It has proposed its change, and nobody has answered that.</summary>
    private IActorRef Begin()
    {
        var operation = Start(isRepeat: false);
        Promise(operation, value: null);
        ExpectMsg<ReplicaProtocol.AcceptRegister>();
        return operation;
    }

    private IActorRef Start(bool isRepeat)
    {
        var put = new ClientProtocol.DoRegister(new RequestId(1, 1), Door, new RegisterCommand.Put(new byte[] { 7 }), TimeSpan.FromSeconds(30))
        {
            IsRepeat = isRepeat,
        };
        return Sys.ActorOf(QuorumRegister.Props(_context, _ring.PreferenceList(Door, 1), put, TestActor));
    }

    private void Promise(IActorRef operation, RegisterValue? value)
    {
        var ballot = ExpectMsg<ReplicaProtocol.PrepareRegister>().Ballot;
        var accepted = value is null ? Ballot.None : new Ballot(_ring.Epoch, 1, new NodeId(1, 1), 1);
        operation.Tell(new ReplicaProtocol.RegisterAnswered(_self, Door, new AcceptorReply<RegisterValue>.Promised(ballot, accepted, value)));
    }

    /// <summary>The acceptor has promised somebody else a ballot of that epoch: the ring's owner is asked for it.</summary>
    private void Reject(IActorRef operation, RingEpoch newer)
    {
        var mine = new Ballot(_ring.Epoch, 1, _self, 1);
        var theirs = new Ballot(newer, 1, new NodeId(1, 1), 1);
        operation.Tell(new ReplicaProtocol.RegisterAnswered(_self, Door, new AcceptorReply<RegisterValue>.Rejected(mine, theirs)));
        Assert.Equal(new RingCommands.AwaitEpoch(_self, newer), ExpectMsg<RingCommands.AwaitEpoch>());
    }

    private Ring RingAfter(BucketChange change)
    {
        Assert.Null(RingSteps.ChangeBucket(_ring, change, out var next));
        return next!;
    }
}
