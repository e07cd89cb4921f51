using KvStore.Core.Identity;
using KvStore.Core.Membership;
using KvStore.Core.Placement;
using KvStore.Core.Registers;
using KvStore.Core.Tests.Checking;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Membership;

public sealed class RingLogSpec
{
    private readonly List<RingLogEffect> _effects = [];

    [Fact]
    public void Never_are_two_rings_decided_for_one_epoch_and_the_history_of_proposals_is_linearizable()
    {
        var (epochs, proposals) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var world = new RingLogWorld(seed, PlantedRingBugs.None);
            world.Run(steps: 1_500);
            Assert.True(world.Decided.Values.All(rings => rings.Count == 1), $"seed {seed}");
            Assert.True(WglChecker.Check(world.History) == LinearizabilityVerdict.Linearizable, $"seed {seed}");
            epochs += world.Decided.Count;
            proposals += world.History.Count(call => !call.IsUnknown);
        }

        Assert.True(epochs > 1_500, $"only {epochs} rings were decided");
        Assert.True(proposals > 1_000, $"only {proposals} proposers learnt that they had won");
    }

    [Theory]
    [InlineData(nameof(PlantedRingBugs.PromiseForgotten))]
    [InlineData(nameof(PlantedRingBugs.AcceptedValueIgnored))]
    public void A_planted_bug_is_caught(string bug)
    {
        var caught = Enumerable.Range(0, 5_000).Any(seed =>
        {
            var world = new RingLogWorld(seed, Enum.Parse<PlantedRingBugs>(bug));
            world.Run(steps: 1_500);
            return WglChecker.Check(world.History) == LinearizabilityVerdict.Violation;
        });
        Assert.True(caught, $"{bug} went unnoticed");
    }

    [Fact]
    public void A_vote_is_durable_before_it_is_sent()
    {
        var ring = Rings.Of(3, 64);
        var log = Log(1, ring);
        var ballot = new BallotSource(Rings.Node(2), 1).Next(ring.Epoch.Next(), Ballot.None);
        log.OnMessage(Rings.Node(2), new RingLogMessage.Prepare(ring.Cluster, ring.Epoch.Next(), ballot), 0, _effects);
        Assert.Collection(
            _effects,
            effect => Assert.IsType<RingLogEffect.PersistVote>(effect),
            effect => Assert.IsType<RingLogMessage.Answer>(Assert.IsType<RingLogEffect.Send>(effect).Message));
    }

    [Fact]
    public void A_proposal_that_the_ring_has_gone_past_may_have_been_decided()
    {
        var ring = Rings.Of(3, 64);
        Ring mine = With(ring, "mine"), other = With(ring, "other");
        Assert.Equal(ProposalFate.Decided, FateAfter(mine));
        Assert.Equal(ProposalFate.Superseded, FateAfter(other));
        Assert.Equal(ProposalFate.Unknown, FateAfter(With(mine, "next")));
        Assert.Equal(ProposalFate.Unknown, FateAfter(With(other, "next")));

        ProposalFate FateAfter(Ring learned)
        {
            var (log, effects) = (Log(1, ring), new List<RingLogEffect>());
            Assert.True(log.Propose(mine, effects));
            log.OnMessage(Rings.Node(2), new RingLogMessage.Learned(learned), 0, effects);
            Assert.False(log.IsProposing);
            return Assert.Single(effects.OfType<RingLogEffect.ProposalSettled>()).Fate;
        }

        static Ring With(Ring before, string address) => new(
            before.Cluster, before.Epoch.Next(), before.Replicas,
            [before.Members[0] with { Address = address }, .. before.Members.Skip(1)], before.Owners);
    }

    [Fact]
    public void A_node_of_another_cluster_is_refused_by_name()
    {
        var log = Log(1, Rings.Of(3, 64));
        var stranger = RingPlanner.Create(new ClusterId(9, 9), Rings.Members(3), 64);
        log.OnMessage(Rings.Node(2), new RingLogMessage.Learned(new Ring(
            stranger.Cluster, new RingEpoch(5, 50), 3, stranger.Members, stranger.Owners)), 0, _effects);
        var refusal = Assert.IsType<RingLogMessage.OtherCluster>(Assert.IsType<RingLogEffect.Send>(Assert.Single(_effects)).Message);
        Assert.Equal(Rings.Cluster, refusal.Cluster);
        Assert.Equal(RingEpoch.First, log.Current!.Epoch);
    }

    [Fact]
    public void Whoever_is_behind_is_taught_and_whoever_is_ahead_is_asked()
    {
        var ring = Rings.Of(3, 64);
        var log = Log(1, ring);
        log.OnMessage(Rings.Node(2), new RingLogMessage.Behind(ring.Cluster, RingEpoch.None), 0, _effects);
        Assert.IsType<RingLogMessage.Learned>(Assert.IsType<RingLogEffect.Send>(Assert.Single(_effects)).Message);
        _effects.Clear();
        log.OnEpochSeen(Rings.Node(2), new RingEpoch(1, 9), _effects);
        Assert.IsType<RingLogMessage.Behind>(Assert.IsType<RingLogEffect.Send>(Assert.Single(_effects)).Message);
    }

    [Fact]
    public void A_joiner_votes_only_once_it_is_in_the_ring()
    {
        var ring = Rings.Of(3, 64);
        var joiner = Log(4, ring);
        var ballot = new BallotSource(Rings.Node(2), 1).Next(ring.Epoch.Next(), Ballot.None);
        joiner.OnMessage(Rings.Node(2), new RingLogMessage.Prepare(ring.Cluster, ring.Epoch.Next(), ballot), 0, _effects);
        Assert.Empty(_effects);
    }

    [Fact]
    public void A_removed_node_learns_that_it_is_out()
    {
        var ring = Rings.Of(3, 64);
        var log = Log(1, ring);
        var without = RingSteps.Recover(ring, new HashSet<NodeId> { Rings.Node(1) });
        log.OnMessage(Rings.Node(2), new RingLogMessage.Learned(without), 0, _effects);
        Assert.IsType<RingLogEffect.Excluded>(_effects[^1]);
        log.OnMessage(Rings.Node(3), new RingLogMessage.Learned(ring), 0, _effects);
        Assert.Equal(2u, log.Current!.Epoch.Generation);
    }

    [Fact]
    public void A_plan_is_committed_as_shown_or_not_at_all()
    {
        var ring = Rings.Of(4, 64);
        var staged = new StagedChanges();
        Assert.Equal(RingRefusal.OtherCluster, staged.Stage(ring, new RingChange.Join(Rings.Member(5)), new ClusterId(4, 4)));
        Assert.Null(staged.Stage(ring, new RingChange.Join(Rings.Member(5))));
        Assert.Equal(RingRefusal.Overlapping, staged.Stage(ring, new RingChange.Join(Rings.Member(5))));
        Assert.Equal(RingRefusal.NothingStaged, staged.Commit(ring, acceptRisk: false, out _));
        Assert.Null(staged.Plan(ring, null, out var plan));
        Assert.Null(staged.Commit(ring, acceptRisk: false, out var next));
        Assert.Same(plan!.Next, next);
        Assert.Equal(RingRefusal.ChangeUnderWay, staged.Commit(next!, acceptRisk: false, out _));
        Assert.Equal(RingRefusal.PlanOutdated, staged.Commit(Rings.Of(5, 64), acceptRisk: false, out _));
    }

    [Fact]
    public void A_plan_that_may_lose_writes_needs_a_yes()
    {
        var ring = Rings.Of(6, 64);
        var staged = new StagedChanges();
        Assert.Null(staged.Stage(ring, new RingChange.Remove(Rings.Node(1))));
        Assert.Null(staged.Stage(ring, new RingChange.Remove(Rings.Node(2))));
        Assert.Null(staged.Plan(ring, null, out _));
        Assert.Equal(RingRefusal.RiskNotAccepted, staged.Commit(ring, acceptRisk: false, out _));
        Assert.Null(staged.Commit(ring, acceptRisk: true, out _));
    }

    private static RingLog Log(int node, Ring ring)
    {
        var log = new RingLog(Rings.Node(node), ring.Cluster, new BallotSource(Rings.Node(node), 1), new RegisterOptions());
        log.Recover(ring, RingEpoch.None, AcceptorState<Ring>.Empty);
        return log;
    }
}
