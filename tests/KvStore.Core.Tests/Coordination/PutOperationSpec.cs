using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Coordination;

public sealed class PutOperationSpec
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly SiblingSet Set = Single(A, 1);

    private readonly List<PutEffect> _effects = [];

    [Fact]
    public void A_put_with_W_acks_replies_once_and_ends_when_all_have_spoken()
    {
        var put = Minted(Quorum.Default);
        put.OnAck(A, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(B, durable: true, _effects);
        var outcome = Assert.Single(Replies());
        Assert.Equal((PutResult.Done, 2, 0, 2), (outcome.Result, outcome.Tally.Primaries, outcome.Tally.Fallbacks, outcome.Tally.Durable));
        Assert.DoesNotContain(_effects, effect => effect is PutEffect.Finish);
        put.OnAck(C, durable: true, _effects);
        Assert.Single(Replies());
        Assert.IsType<PutEffect.Finish>(_effects[^1]);
    }

    [Fact]
    public void The_others_are_sent_the_set_only_after_it_was_minted()
    {
        var put = Put(Quorum.Default);
        put.Start(_effects);
        Assert.Equal(new PutEffect.Mint(new RingEpoch(1, 1), null), _effects[^1]);
        Assert.Empty(Sends());
        put.OnMinted(Dot(A, 1), Set, _effects);
        Assert.Equal([B, C], Sends().Select(send => send.Node));
    }

    [Fact]
    public void One_replica_that_acknowledges_twice_counts_once()
    {
        var put = Minted(Quorum.Default);
        put.OnAck(B, durable: true, _effects);
        put.OnAck(B, durable: true, _effects);
        Assert.Empty(Replies());
    }

    [Fact]
    public void A_fallback_stands_in_for_an_unreachable_primary_and_the_tally_says_so()
    {
        var put = Minted(Quorum.Default, Without(B));
        Assert.Contains(Sends(), send => send.Node == D && send.StandsFor == B);
        put.OnAck(A, durable: true, _effects);
        put.OnAck(D, durable: true, _effects);
        var outcome = Assert.Single(Replies());
        Assert.Equal((PutResult.Done, 1, 1), (outcome.Result, outcome.Tally.Primaries, outcome.Tally.Fallbacks));
    }

    [Fact]
    public void PW_counts_primaries_only()
    {
        var put = Minted(Quorum.Create(3, 2, 2, pw: 2), Without(B));
        put.OnAck(A, durable: true, _effects);
        put.OnAck(D, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(C, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void DW_waits_for_acks_from_disk()
    {
        var put = Minted(Quorum.Create(3, 2, 2, dw: 2));
        put.OnAck(A, durable: false, _effects);
        put.OnAck(B, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(C, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_strict_write_without_enough_primaries_is_not_done_and_mints_nothing()
    {
        var put = Put(Quorum.Create(3, 2, 2, sloppy: false), Without(B, C));
        put.Start(_effects);
        Assert.Equal((PutResult.NotDone, PutReason.QuorumImpossible), (Replies()[0].Result, Replies()[0].Reason));
        Assert.DoesNotContain(_effects, effect => effect is PutEffect.Mint);
    }

    [Fact]
    public void A_strict_write_does_not_count_its_coordinator_when_that_is_no_owner()
    {
        var quorum = Quorum.Create(3, 2, 2, sloppy: false);
        var put = new PutOperation(D, Settled(), quorum, Without(A), Deadline, TimeSpan.Zero);
        put.Start(_effects);
        put.OnMinted(Dot(D, 1), Single(D, 1), _effects);
        put.OnAck(D, durable: true, _effects);
        put.OnAck(B, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(C, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_write_that_can_no_longer_meet_W_is_unknown_at_once()
    {
        var put = Minted(Quorum.Create(3, 2, 3, sloppy: false));
        put.OnRefused(B, Refusal.Busy, default, _effects);
        Assert.Equal((PutResult.Unknown, PutReason.QuorumImpossible), (Replies()[0].Result, Replies()[0].Reason));
    }

    [Fact]
    public void A_refusal_of_the_own_replica_before_minting_is_not_done()
    {
        var put = Put(Quorum.Default);
        put.Start(_effects);
        put.OnRefused(A, Refusal.TooManySiblings, default, _effects);
        Assert.Equal((PutResult.NotDone, Refusal.TooManySiblings), (Replies()[0].Result, Replies()[0].Refusal));
        Assert.IsType<PutEffect.Finish>(_effects[^1]);
    }

    [Fact]
    public void A_failing_primary_is_replaced_and_without_a_fallback_left_the_coordinator_keeps_the_hint()
    {
        var put = Minted(Quorum.Default, Without(E));
        put.OnRefused(B, Refusal.Unreachable, default, _effects);
        Assert.Contains(Sends(), send => send.Node == D && send.StandsFor == B);
        put.OnRefused(C, Refusal.Unreachable, default, _effects);
        Assert.Contains(_effects, effect => effect is PutEffect.LeaveHint hint && hint.Owner == C);
        put.OnAck(A, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(D, durable: true, _effects);
        Assert.Equal(1, Assert.Single(Replies()).Tally.Hints);
    }

    [Fact]
    public void A_silent_primary_is_helped_at_the_hedge_and_marked_dirty_at_the_deadline_when_nobody_could()
    {
        var put = Minted(Quorum.Default, AllReachable, hedge: TimeSpan.FromMilliseconds(50));
        put.OnAck(A, durable: true, _effects);
        put.OnHedge(_effects);
        Assert.Equal([(D, (NodeId?)B), (E, (NodeId?)C)], Sends().Skip(2).Select(send => (send.Node, send.StandsFor)));
        put.OnAck(D, durable: true, _effects);
        put.OnTimeout(_effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
        Assert.Equal(C, Assert.Single(_effects.OfType<PutEffect.MarkDirty>()).Owner);
    }

    [Fact]
    public void A_timeout_is_unknown_and_what_comes_later_is_ignored()
    {
        var put = Minted(Quorum.Default);
        put.OnTimeout(_effects);
        Assert.Equal((PutResult.Unknown, PutReason.Timeout), (Replies()[0].Result, Replies()[0].Reason));
        var count = _effects.Count;
        put.OnAck(B, durable: true, _effects);
        Assert.Equal(count, _effects.Count);
    }

    [Fact]
    public void While_moving_W_is_met_among_the_old_and_among_the_new_owners()
    {
        var put = new PutOperation(
            A, Moving(2, MovePhase.WriteBothReadOld), Quorum.Create(3, 2, 3), AllReachable, Deadline, TimeSpan.Zero);
        put.Start(_effects);
        put.OnMinted(Dot(A, 1), Set, _effects);
        Assert.Equal([B, C, D], Sends().Select(send => send.Node));
        put.OnAck(A, durable: true, _effects);
        put.OnAck(B, durable: true, _effects);
        put.OnAck(C, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(D, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_stale_epoch_fetches_the_ring_once_and_goes_on_with_the_new_owners()
    {
        var put = Minted(Quorum.Default);
        put.OnAck(A, durable: true, _effects);
        put.OnRefused(B, Refusal.StaleEpoch, new RingEpoch(1, 2), _effects);
        put.OnRefused(C, Refusal.StaleEpoch, new RingEpoch(1, 2), _effects);
        Assert.Single(_effects.OfType<PutEffect.RefreshRing>());
        Assert.Empty(Replies());
        _effects.Clear();
        put.OnPlan(Moving(2, MovePhase.WriteBothReadOld), _effects);
        Assert.Equal([B, C, D], Sends().Select(send => send.Node));
        Assert.All(Sends(), send => Assert.Equal(new RingEpoch(1, 2), send.Epoch));
        put.OnAck(B, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_coordinator_that_is_no_owner_keeps_its_copy_for_the_unreachable_one()
    {
        var put = new PutOperation(D, Settled(), Quorum.Default, Without(A, B, C), Deadline, TimeSpan.Zero);
        put.Start(_effects);
        Assert.Equal(new PutEffect.Mint(new RingEpoch(1, 1), A), _effects[^1]);
        put.OnMinted(Dot(D, 1), Single(D, 1), _effects);
        put.OnAck(D, durable: true, _effects);
        put.OnAck(E, durable: true, _effects);
        var outcome = Assert.Single(Replies());
        Assert.Equal((PutResult.Done, 0, 2), (outcome.Result, outcome.Tally.Primaries, outcome.Tally.Fallbacks));
    }

    [Fact]
    public void Who_stood_in_and_is_an_owner_now_counts_once()
    {
        var put = new PutOperation(A, Settled(), Quorum.Default, Without(C), Deadline, TimeSpan.Zero);
        put.Start(_effects);
        put.OnMinted(Dot(A, 1), Set, _effects);
        put.OnAck(D, durable: true, _effects);
        put.OnPlan(new PreferenceList(new RingEpoch(1, 2), Partition, 3, MovePhase.WriteBothReadOld, [A, B, C, D, E], [B, C, D, A, E]), _effects);
        put.OnAck(A, durable: true, _effects);
        Assert.Empty(Replies());
        put.OnAck(B, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void What_the_coordinator_holds_in_another_s_place_goes_on_counting_under_the_next_ring()
    {
        var put = new PutOperation(D, Settled(), Quorum.Default, Without(A), Deadline, TimeSpan.Zero);
        put.Start(_effects);
        put.OnMinted(Dot(D, 1), Single(D, 1), _effects);
        put.OnAck(D, durable: true, _effects);
        put.OnPlan(Settled(epoch: 2), _effects);
        put.OnAck(B, durable: true, _effects);
        Assert.Equal(PutResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void The_coordinator_is_the_first_that_can_be_reached()
    {
        Assert.Equal(B, PutOperation.ChooseCoordinator(Settled(), Without(A)));
        Assert.Equal(D, PutOperation.ChooseCoordinator(Settled(), Without(A, B, C)));
        Assert.Null(PutOperation.ChooseCoordinator(Settled(), Without(A, B, C, D, E)));
    }

    private static PutOperation Put(Quorum quorum, Func<NodeId, bool>? isReachable = null, TimeSpan hedge = default) =>
        new(A, Settled(), quorum, isReachable ?? AllReachable, Deadline, hedge);

    private PutOperation Minted(Quorum quorum, Func<NodeId, bool>? isReachable = null, TimeSpan hedge = default)
    {
        var put = Put(quorum, isReachable, hedge);
        put.Start(_effects);
        put.OnMinted(Dot(A, 1), Set, _effects);
        return put;
    }

    private List<PutOutcome> Replies() => [.. _effects.OfType<PutEffect.Reply>().Select(reply => reply.Outcome)];

    private List<PutEffect.Send> Sends() => [.. _effects.OfType<PutEffect.Send>()];
}

public sealed class QuorumSpec
{
    [Theory]
    [InlineData(0, 1, 1, 0, "N is 0")]
    [InlineData(3, 4, 1, 0, "R is 4")]
    [InlineData(3, 1, 0, 0, "W is 0")]
    [InlineData(3, 1, 1, 4, "PR is 4")]
    public void Numbers_out_of_range_are_named(int n, int r, int w, int pr, string said)
    {
        Assert.False(Quorum.TryCreate(n, r, w, pr, 0, 0, true, out _, out var error));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }
}
