using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Coordination;

public sealed class GetOperationSpec
{
    private static readonly ReadOptions Plain = new() { Deadline = TimeSpan.FromSeconds(5) };
    private static readonly SiblingSet Old = Single(A, 1);
    private static readonly SiblingSet New = Old.Update(Old.Context, Value(A, 2));

    private readonly List<GetEffect> _effects = [];

    [Fact]
    public void A_read_answers_at_R_then_repairs_who_is_behind()
    {
        var get = Started(Quorum.Default);
        get.OnAnswer(A, Found(New), _effects);
        Assert.Empty(Replies());
        get.OnAnswer(B, Found(Old), _effects);
        Assert.True(Assert.Single(Replies()).State.StateEquals(New));
        Assert.DoesNotContain(_effects, effect => effect is GetEffect.Repair);
        get.OnAnswer(C, ReadAnswer.NotFound, _effects);
        Assert.Equal([B, C], _effects.OfType<GetEffect.Repair>().Select(repair => repair.Node));
        Assert.IsType<GetEffect.Finish>(_effects[^1]);
    }

    [Fact]
    public void A_fallbacks_not_found_never_outvotes_the_one_primary_that_lives()
    {
        var get = Started(Quorum.Default, Without(B, C));
        get.OnAnswer(D, ReadAnswer.NoInformation, _effects);
        get.OnAnswer(E, ReadAnswer.NoInformation, _effects);
        Assert.Empty(Replies());
        get.OnAnswer(A, Found(New), _effects);
        var outcome = Assert.Single(Replies());
        Assert.True(outcome.State.StateEquals(New));
        Assert.Equal((1, 2), (outcome.Tally.Primaries, outcome.Tally.Fallbacks));
    }

    [Fact]
    public void Fallbacks_alone_cannot_say_not_found()
    {
        var get = Started(Quorum.Default, Without(A, B, C));
        get.OnAnswer(D, ReadAnswer.NoInformation, _effects);
        get.OnAnswer(E, ReadAnswer.NoInformation, _effects);
        Assert.Equal(GetResult.QuorumImpossible, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void Unreadable_is_no_answer_and_is_repaired()
    {
        var get = Started(Quorum.Default);
        get.OnAnswer(A, ReadAnswer.Unreadable, _effects);
        get.OnAnswer(B, Found(New), _effects);
        Assert.Empty(Replies());
        get.OnAnswer(C, Found(New), _effects);
        get.OnAnswer(D, ReadAnswer.NoInformation, _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
        Assert.Equal(A, Assert.Single(_effects.OfType<GetEffect.Repair>()).Node);
    }

    [Fact]
    public void A_strict_read_asks_no_fallback_and_counts_no_replica_that_is_not_filled()
    {
        var get = Started(Quorum.Create(3, 2, 2, sloppy: false), Without(C));
        Assert.Equal([A, B], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, ReadAnswer.Found(Old, provisional: true), _effects);
        Assert.Equal(GetResult.QuorumImpossible, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_monotonic_read_answers_only_when_enough_owners_hold_what_it_shows()
    {
        var get = Started(Quorum.Default, options: Plain with { Monotonic = true });
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, Found(Old), _effects);
        Assert.Empty(Replies());
        Assert.Equal(B, Assert.Single(_effects.OfType<GetEffect.Repair>()).Node);
        get.OnRepaired(B, _effects);
        Assert.True(Assert.Single(Replies()).State.StateEquals(New));
    }

    [Fact]
    public void A_monotonic_read_whose_repairs_are_refused_says_so_at_once_and_does_not_insist()
    {
        var get = Started(Quorum.Default, options: Plain with { Monotonic = true });
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, Found(Old), _effects);
        get.OnAnswer(C, Found(Old), _effects);
        get.OnRefused(B, Refusal.Busy, RingEpoch.None, _effects);
        Assert.Empty(Replies());
        get.OnRefused(C, Refusal.Busy, RingEpoch.None, _effects);
        Assert.Equal(GetResult.QuorumImpossible, Assert.Single(Replies()).Result);
        Assert.Equal([B, C], _effects.OfType<GetEffect.Repair>().Select(repair => repair.Node));
    }

    [Fact]
    public void Asked_R_at_first_a_slow_one_is_helped_by_one_more()
    {
        var get = Started(Quorum.Default, options: Plain with { AskFirst = 2, HedgeAfter = TimeSpan.FromMilliseconds(20) });
        Assert.Equal([A, B], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        get.OnAnswer(A, Found(New), _effects);
        get.OnHedge(_effects);
        get.OnAnswer(C, Found(New), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void When_all_that_were_asked_are_slow_all_others_are_asked_and_then_stand_ins_for_the_silent()
    {
        var options = Plain with { AskFirst = 1, HedgeAfter = TimeSpan.FromMilliseconds(20), ReplaceAfter = TimeSpan.FromMilliseconds(100) };
        var get = Started(Quorum.Create(3, 1, 3), options: options);
        _effects.Clear();
        get.OnHedge(_effects);
        Assert.Equal([B, C], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        Assert.Equal(TimeSpan.FromMilliseconds(80), Assert.Single(_effects.OfType<GetEffect.StartHedgeTimer>()).After);

        _effects.Clear();
        get.OnHedge(_effects);
        Assert.Equal([D, E], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        get.OnAnswer(D, Found(New), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_silent_stand_in_is_replaced_too()
    {
        var options = Plain with { AskFirst = 2, HedgeAfter = TimeSpan.FromMilliseconds(20), ReplaceAfter = TimeSpan.FromMilliseconds(100) };
        var get = Started(Quorum.Default, Without(A, B), options);
        Assert.Equal([C, D], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        get.OnAnswer(C, Found(New), _effects);
        get.OnHedge(_effects);
        get.OnAnswer(E, Found(New), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void The_nearest_owner_is_among_the_few_that_are_asked()
    {
        Started(Quorum.Default, options: Plain with { AskFirst = 2, Nearest = C });
        Assert.Equal([C, A], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        _effects.Clear();
        Started(Quorum.Default, options: Plain with { AskFirst = 2, Nearest = D });
        Assert.Equal([A, B], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
    }

    [Fact]
    public void Where_the_few_agree_nobody_else_is_asked()
    {
        var get = Started(Quorum.Default, options: Plain with { AskFirst = 2 });
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, Found(New), _effects);
        Assert.Equal([A, B], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        Assert.IsType<GetEffect.Finish>(_effects[^1]);
    }

    [Fact]
    public void Where_two_differ_the_others_are_asked_after_the_answer_and_all_that_are_behind_are_repaired()
    {
        var get = Started(Quorum.Default, options: Plain with { AskFirst = 2 });
        get.OnAnswer(A, Found(Old), _effects);
        get.OnAnswer(B, Found(New), _effects);
        Assert.True(Assert.Single(Replies()).State.StateEquals(New));
        Assert.Equal([A, B, C], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        get.OnAnswer(C, ReadAnswer.NotFound, _effects);
        Assert.Equal([A, C], _effects.OfType<GetEffect.Repair>().Select(repair => repair.Node));
        Assert.IsType<GetEffect.Finish>(_effects[^1]);
    }

    [Fact]
    public void Whoever_is_known_to_be_behind_is_repaired_even_if_another_never_answers()
    {
        var get = Started(Quorum.Default, options: Plain with { AskFirst = 2 });
        get.OnAnswer(A, Found(Old), _effects);
        get.OnAnswer(B, Found(New), _effects);
        get.OnTimeout(_effects);
        Assert.Equal(A, Assert.Single(_effects.OfType<GetEffect.Repair>()).Node);
        Assert.IsType<GetEffect.Finish>(_effects[^1]);
    }

    [Fact]
    public void An_answer_that_does_not_count_has_the_others_asked()
    {
        var get = Started(Quorum.Create(3, 2, 2, sloppy: false), options: Plain with { AskFirst = 2 });
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, ReadAnswer.Found(Old, provisional: true), _effects);
        Assert.Empty(Replies());
        get.OnAnswer(C, Found(New), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void A_monotonic_read_asks_as_many_as_have_to_hold_what_it_shows()
    {
        Started(Quorum.Create(3, 1, 3), options: Plain with { AskFirst = 1, Monotonic = true });
        Assert.Equal([A, B, C], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
    }

    [Fact]
    public void A_monotonic_read_while_the_partition_moves_is_held_by_enough_of_the_next_owners_too()
    {
        var plan = new PreferenceList(new RingEpoch(1, 2), Partition, 3, MovePhase.WriteBothReadOld, [A, B, C, D, E], [A, D, E, B, C]);
        var get = new GetOperation(plan, Quorum.Default, AllReachable, Plain with { Monotonic = true });
        get.Start(_effects);
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, Found(New), _effects);
        Assert.Empty(Replies());
        Assert.Equal([D, E], _effects.OfType<GetEffect.Repair>().Select(repair => repair.Node));
        get.OnRepaired(E, _effects);
        Assert.True(Assert.Single(Replies()).State.StateEquals(New));
    }

    [Fact]
    public void A_stale_epoch_fetches_the_ring_and_asks_the_new_owners()
    {
        var get = Started(Quorum.Default);
        get.OnRefused(A, Refusal.StaleEpoch, new RingEpoch(1, 3), _effects);
        get.OnRefused(B, Refusal.StaleEpoch, new RingEpoch(1, 3), _effects);
        Assert.Single(_effects.OfType<GetEffect.RefreshRing>());
        _effects.Clear();
        get.OnPlan(Moving(3, MovePhase.WriteBothReadNew), _effects);
        Assert.Equal([A, B, D], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
    }

    [Fact]
    public void An_answer_of_who_is_an_owner_no_more_does_not_stand_in_for_the_new_one()
    {
        var get = Started(Quorum.Create(3, 3, 3));
        get.OnAnswer(C, Found(Old), _effects);
        _effects.Clear();
        get.OnPlan(Moving(3, MovePhase.WriteBothReadNew), _effects);
        Assert.Equal([A, B, D], _effects.OfType<GetEffect.Ask>().Select(ask => ask.Node));
        get.OnAnswer(A, Found(New), _effects);
        get.OnAnswer(B, Found(New), _effects);
        Assert.Empty(Replies());
        get.OnAnswer(D, Found(New), _effects);
        Assert.Equal(GetResult.Done, Assert.Single(Replies()).Result);
    }

    [Fact]
    public void Too_few_answers_in_time_is_a_timeout()
    {
        var get = Started(Quorum.Default);
        get.OnAnswer(A, Found(New), _effects);
        get.OnTimeout(_effects);
        var outcome = Assert.Single(Replies());
        Assert.Equal(GetResult.Timeout, outcome.Result);
        Assert.True(outcome.State.IsEmpty);
    }

    private static ReadAnswer Found(SiblingSet set) => ReadAnswer.Found(set, provisional: false);

    private GetOperation Started(Quorum quorum, Func<NodeId, bool>? isReachable = null, ReadOptions? options = null)
    {
        var get = new GetOperation(Settled(), quorum, isReachable ?? AllReachable, options ?? Plain);
        get.Start(_effects);
        return get;
    }

    private List<GetOutcome> Replies() => [.. _effects.OfType<GetEffect.Reply>().Select(reply => reply.Outcome)];
}
