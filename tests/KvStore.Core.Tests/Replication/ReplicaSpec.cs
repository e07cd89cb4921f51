using KvStore.Core.AntiEntropy;
using KvStore.Core.Causality;
using KvStore.Core.Coordination;
using KvStore.Core.Identity;
using KvStore.Core.Replication;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Replication;

public sealed class ReplicaSpec
{
    private static readonly RingEpoch Epoch = new(1, 1);
    private static readonly ReplicaTime Now = new(TimeSpan.FromSeconds(1), 1_000_000);

    private readonly List<ReplicaEffect> _effects = [];
    private long _calls;

    [Fact]
    public void A_write_is_loaded_minted_stored_and_then_acknowledged()
    {
        var replica = Ready();
        var call = Coordinate(replica, new WriteRequest { Value = new byte[] { 1 } });
        Assert.Equal(SomeKey, Assert.Single(Of<ReplicaEffect.Load>()).Key);
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        var store = Assert.Single(Of<ReplicaEffect.Store>());
        Assert.Empty(Of<ReplicaEffect.Minted>());
        replica.OnLogged(store.Ticket, _effects);
        Assert.Equal(Dot(A, 1), Assert.Single(Of<ReplicaEffect.Minted>()).Dot);
        Assert.Empty(Of<ReplicaEffect.Stored>());
        replica.OnStored(store.Ticket, Now, _effects);
        Assert.Equal(call, Assert.Single(Of<ReplicaEffect.Stored>()).Call);
        Assert.Equal(1, replica.Tree.Keys);
    }

    [Fact]
    public void Writes_that_arrive_meanwhile_share_the_next_store()
    {
        var replica = Ready();
        Coordinate(replica, new WriteRequest { Mode = WriteMode.Overwrite });
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        for (var i = 0; i < 5; i++)
            Coordinate(replica, new WriteRequest { Mode = WriteMode.Overwrite });
        Assert.Single(Of<ReplicaEffect.Store>());
        StoreAll(replica);
        Assert.Equal(2, Of<ReplicaEffect.Store>().Count);
        Assert.Equal(6, Of<ReplicaEffect.Stored>().Count);
        Assert.Equal(1, Of<ReplicaEffect.Store>()[^1].Set.Count);
        Assert.Equal(0, replica.PendingCalls);
    }

    [Fact]
    public void Without_a_context_a_write_becomes_a_sibling_and_with_it_the_successor()
    {
        var replica = Ready();
        Write(replica, new WriteRequest());
        var two = Write(replica, new WriteRequest());
        Assert.Equal(2, two.Count);
        Assert.Equal(1, Write(replica, new WriteRequest { Context = CausalContext.Of(two) }).Count);
    }

    [Fact]
    public void A_repeated_request_is_applied_once_even_after_it_was_superseded()
    {
        var replica = Ready();
        var request = new RequestId(4, 1);
        var first = Write(replica, new WriteRequest { Request = request, Mode = WriteMode.Overwrite });
        Assert.True(Write(replica, new WriteRequest { Request = request, Mode = WriteMode.Overwrite }).StateEquals(first));
        var next = Write(replica, new WriteRequest { Request = new RequestId(4, 2), Mode = WriteMode.Overwrite });
        Assert.True(Write(replica, new WriteRequest { Request = request, Mode = WriteMode.Overwrite }).StateEquals(next));
    }

    [Fact]
    public void A_repeated_request_is_applied_once_after_the_replica_has_restarted()
    {
        var request = new RequestId(4, 1);
        var before = Write(Ready(), new WriteRequest { Request = request });
        _effects.Clear();
        var restarted = Ready();
        Coordinate(restarted, new WriteRequest { Request = request });
        Settle(restarted, before);
        Assert.Equal(Dot(A, 1), Assert.Single(Of<ReplicaEffect.Minted>()).Dot);
        Assert.Empty(Of<ReplicaEffect.Store>());
        Assert.Single(Of<ReplicaEffect.Stored>());
    }

    /// <summary>A first try that only the disk knew of was forgotten when it was superseded (simulator, seed 10029).</summary>
    [Fact]
    public void A_repeated_request_is_applied_once_if_it_was_superseded_after_the_replica_had_restarted()
    {
        var request = new RequestId(4, 1);
        var first = Sibling.OfValue(Dot(B, 1), new byte[] { 1 }).With(request, HybridTimestamp.None, 0);
        var restarted = Ready();
        _disk[restarted] = SiblingSet.Empty.Update(VersionVector.Empty, first);
        var next = Write(restarted, new WriteRequest { Request = new RequestId(4, 2), Mode = WriteMode.Overwrite });
        Assert.True(Write(restarted, new WriteRequest { Request = request }).StateEquals(next));
    }

    [Fact]
    public void A_stand_in_has_no_tree_that_could_be_compared_until_it_becomes_an_owner()
    {
        var replica = Ready(ReplicaRole.Fallback, isWhole: false);
        Assert.False(replica.Tree.IsComplete);
        replica.Tree.CompleteScan();
        Assert.False(replica.Tree.IsComplete);
        replica.OnFence(NextCall(), new RingEpoch(1, 2), ReplicaRole.Primary, _effects);
        Assert.Single(Of<ReplicaEffect.RebuildTree>()).Tree.CompleteScan();
        Assert.True(replica.Tree.IsComplete);
        replica.OnFence(NextCall(), new RingEpoch(1, 3), ReplicaRole.Fallback, _effects);
        Assert.False(replica.Tree.IsComplete);
    }

    [Fact]
    public void A_read_is_told_what_is_stored_and_not_what_is_about_to_be()
    {
        var replica = Ready();
        replica.OnMerge(NextCall(), Epoch, SomeKey, Single(B, 1), null, Now, _effects);
        replica.OnRead(NextCall(), Epoch, SomeKey, Now, _effects);
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        Assert.Equal(AnswerKind.NotFound, Assert.Single(Of<ReplicaEffect.Answered>()).Answer.Kind);
        StoreAll(replica);
        Assert.Equal(0, replica.PendingCalls);
    }

    [Fact]
    public void A_merge_that_brings_nothing_new_is_acknowledged_without_a_store()
    {
        var replica = Ready();
        var held = Write(replica, new WriteRequest());
        _effects.Clear();
        replica.OnMerge(NextCall(), Epoch, SomeKey, held, null, Now, _effects);
        replica.OnLoaded(SomeKey, new LoadResult(held), Now, _effects);
        Assert.Empty(Of<ReplicaEffect.Store>());
        Assert.Null(Assert.Single(Of<ReplicaEffect.Stored>()).Held);
    }

    [Fact]
    public void A_merge_answers_with_what_is_held_when_that_is_more_than_was_sent()
    {
        var replica = Ready();
        var held = Write(replica, new WriteRequest());
        replica.OnMerge(NextCall(), Epoch, SomeKey, Single(B, 1), null, Now, _effects);
        replica.OnLoaded(SomeKey, new LoadResult(held), Now, _effects);
        StoreAll(replica);
        Assert.Equal(2, Of<ReplicaEffect.Stored>()[^1].Held!.Count);
    }

    [Fact]
    public void Older_epochs_are_refused_once_a_fence_is_up_and_it_is_confirmed_when_durable_and_drained()
    {
        var replica = Ready();
        Coordinate(replica, new WriteRequest());
        var fence = NextCall();
        replica.OnFence(fence, new RingEpoch(1, 2), ReplicaRole.Primary, _effects);
        replica.OnFenceSaved(new RingEpoch(1, 2), _effects);
        Assert.Empty(Of<ReplicaEffect.Fenced>());
        Coordinate(replica, new WriteRequest());
        Assert.Equal((Refusal.StaleEpoch, new RingEpoch(1, 2)), (Of<ReplicaEffect.Refused>()[^1].Refusal, Of<ReplicaEffect.Refused>()[^1].Fence));
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        StoreAll(replica);
        Assert.Equal(fence, Assert.Single(Of<ReplicaEffect.Fenced>()).Call);
    }

    [Fact]
    public void A_newer_epoch_than_it_was_told_of_is_not_taken_yet()
    {
        var replica = Ready();
        replica.OnMerge(NextCall(), new RingEpoch(1, 2), SomeKey, Single(B, 1), null, Now, _effects);
        Assert.Equal(Refusal.NotReady, Assert.Single(Of<ReplicaEffect.Refused>()).Refusal);
    }

    [Fact]
    public void After_storage_was_lost_pending_writes_are_unknown_and_minting_waits_for_a_new_incarnation()
    {
        var replica = Ready();
        Coordinate(replica, new WriteRequest());
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        replica.OnStorageLost(replica.Meta, _effects);
        Assert.Equal(Refusal.StorageLost, Assert.Single(Of<ReplicaEffect.Refused>()).Refusal);
        _effects.Clear();
        Coordinate(replica, new WriteRequest());
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        Assert.Single(Of<ReplicaEffect.BeginTenure>());
        Assert.Empty(Of<ReplicaEffect.Store>());
        replica.OnTenureBegun(Incarnation.Of(A, 1, 2), 100, Now, _effects);
        Assert.Equal(Incarnation.Of(A, 1, 2), Assert.Single(Of<ReplicaEffect.Store>()).Set.Siblings[0].Dot.Incarnation);
    }

    [Fact]
    public void A_stand_in_that_drops_a_delivered_copy_ends_its_incarnation()
    {
        var replica = Ready(ReplicaRole.Fallback);
        var held = Write(replica, new WriteRequest());
        replica.OnDrop(NextCall(), Epoch, SomeKey, held.Hash, ifRetired: false, Now, _effects);
        replica.OnLoaded(SomeKey, new LoadResult(held), Now, _effects);
        Assert.True(Of<ReplicaEffect.Store>()[^1].Set.IsEmpty);
        Assert.Null(replica.Tenure);
    }

    [Fact]
    public void A_stand_in_keeps_a_copy_that_changed_since_it_was_delivered()
    {
        var replica = Ready(ReplicaRole.Fallback);
        var held = Write(replica, new WriteRequest());
        replica.OnDrop(NextCall(), Epoch, SomeKey, held.Hash + 1, ifRetired: false, Now, _effects);
        replica.OnLoaded(SomeKey, new LoadResult(held), Now, _effects);
        Assert.NotNull(replica.Tenure);
    }

    /// <summary>Others would take what it lacks for reaped, once it is filled and vouches for it (simulator, seed 91949).</summary>
    [Fact]
    public void A_drop_whose_turn_comes_when_the_stand_in_has_become_an_owner_drops_nothing()
    {
        var replica = Ready(ReplicaRole.Fallback);
        var held = Write(replica, new WriteRequest());
        replica.OnDrop(NextCall(), Epoch, SomeKey, held.Hash, ifRetired: false, Now, _effects);
        replica.OnFence(NextCall(), new RingEpoch(1, 2), ReplicaRole.Primary, _effects);
        replica.OnLoaded(SomeKey, new LoadResult(held), Now, _effects);
        Assert.DoesNotContain(Of<ReplicaEffect.Store>(), store => store.Set.IsEmpty);
        Assert.NotNull(replica.Tenure);
    }

    [Fact]
    public void A_stand_in_that_has_minted_since_its_round_keeps_the_copy_until_that_is_vouched_for_too()
    {
        var replica = Ready(ReplicaRole.Fallback);
        var held = Write(replica, new WriteRequest());
        replica.OnRetired(replica.ToRetire);
        Assert.True(replica.IsRetired);
        replica.OnCoordinate(NextCall(), Epoch, SomeKey with { Key = Key.Of("other") }, new WriteRequest(), null, Now, _effects);
        replica.OnLoaded(SomeKey with { Key = Key.Of("other") }, LoadResult.Absent, Now, _effects);
        Assert.True(replica.ToRetire.IsEmpty); // it is not stored yet
        Drop(replica, held);
        Assert.NotNull(replica.Tenure);
        StoreAll(replica);
        replica.OnRetired(replica.ToRetire);
        Drop(replica, held);
        Assert.Null(replica.Tenure);
    }

    [Theory]
    [InlineData(ReplicaRole.Primary, true, AnswerKind.NotFound)]
    [InlineData(ReplicaRole.Primary, false, AnswerKind.NoInformation)]
    [InlineData(ReplicaRole.Fallback, true, AnswerKind.NoInformation)]
    public void Only_a_whole_primary_says_not_found(ReplicaRole role, bool isWhole, AnswerKind expected)
    {
        var replica = Ready(role, isWhole);
        replica.OnRead(NextCall(), Epoch, SomeKey, Now, _effects);
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        Assert.Equal(expected, Assert.Single(Of<ReplicaEffect.Answered>()).Answer.Kind);
    }

    [Fact]
    public void An_unreadable_key_is_never_not_found_and_a_merge_makes_it_whole_under_a_new_incarnation()
    {
        var replica = Ready();
        replica.OnExchangeCompleted(B, new Vouched(VersionVector.Of(Dot(B, 5)), VersionVector.Empty), [B, C], _effects);
        replica.OnRead(NextCall(), Epoch, SomeKey, Now, _effects);
        replica.OnLoaded(SomeKey, LoadResult.Unreadable, Now, _effects);
        Assert.Equal(AnswerKind.Unreadable, Assert.Single(Of<ReplicaEffect.Answered>()).Answer.Kind);
        replica.OnMerge(NextCall(), Epoch, SomeKey, Single(B, 5), null, Now, _effects);
        replica.OnLoaded(SomeKey, LoadResult.Unreadable, Now, _effects);
        Assert.True(Assert.Single(Of<ReplicaEffect.Store>()).Set.StateEquals(Single(B, 5)));
        Assert.Null(replica.Tenure);
        Assert.True(replica.Meta is { IsWhole: false, Watermarks.IsEmpty: true });
        Assert.False(replica.Tree.IsComplete);
    }

    [Fact]
    public void A_stream_does_not_make_whole_what_has_lost_a_key_that_it_brought()
    {
        var replica = Ready(isWhole: false);
        replica.OnDamageFound(SomeKey, _effects);
        replica.OnFilled(VersionVector.Of(Dot(B, 5)), _effects);
        Assert.True(replica.Meta is { IsWhole: false, Watermarks.IsEmpty: true });

        replica.OnExchangeCompleted(B, new Vouched(VersionVector.Of(Dot(B, 5)), VersionVector.Empty), [B], _effects);
        Assert.True(replica.Meta is { IsWhole: true, MustCompare: false });
    }

    [Fact]
    public void An_owner_of_a_recovered_ring_is_whole_when_it_has_compared_with_the_others()
    {
        var replica = Ready();
        var recovered = new RingEpoch(Epoch.Generation + 1, Epoch.Number + 7);
        replica.OnFence(NextCall(), recovered, ReplicaRole.Primary, _effects);
        Assert.False(replica.Meta.IsWhole);
        replica.OnFilled(VersionVector.Empty, _effects);
        Assert.False(replica.Meta.IsWhole);

        replica.OnExchangeCompleted(B, new Vouched(VersionVector.Empty, VersionVector.Empty), [B], _effects);
        Assert.True(replica.Meta.IsWhole);
    }

    [Fact]
    public void What_an_owner_kept_as_a_stand_in_and_the_source_has_forgotten_goes_with_the_stream()
    {
        Streamed(held: Single(B, 5), SiblingSet.Empty, seenBySource: Dot(B, 5));
        Assert.Same(SiblingSet.Empty, Assert.Single(Of<ReplicaEffect.Store>()).Set);
    }

    [Fact]
    public void What_a_stand_in_holds_and_the_source_has_never_seen_stays_beside_what_the_stream_brings()
    {
        Streamed(held: SiblingSet.Sync(Single(B, 5), Single(C, 1)), Single(A, 1), seenBySource: Dot(B, 5));
        var kept = Assert.Single(Of<ReplicaEffect.Store>()).Set;
        Assert.Equal([Dot(A, 1), Dot(C, 1)], kept.Siblings.ToArray().Select(sibling => sibling.Dot));
    }

    [Fact]
    public void The_only_owner_of_a_recovered_ring_stays_whole_and_so_does_anybody_in_an_epoch_of_the_same_generation()
    {
        var replica = Ready();
        replica.OnFence(NextCall(), Epoch.Next().Next(), ReplicaRole.Primary, _effects);
        Assert.True(replica.Meta.IsWhole);
        replica.OnFence(NextCall(), new RingEpoch(Epoch.Generation + 1, 9), ReplicaRole.Primary, _effects, isOnlyOwner: true);
        Assert.True(replica.Meta.IsWhole);
    }

    [Fact]
    public void A_late_copy_of_a_reaped_key_stays_away()
    {
        var replica = Ready();
        var written = Write(replica, new WriteRequest());
        var deleted = Write(replica, new WriteRequest { IsDelete = true, Mode = WriteMode.Overwrite });
        Assert.True(replica.CanReap(deleted, Now));
        replica.OnReap(NextCall(), Epoch, SomeKey, deleted.Hash, Now, _effects);
        Settle(replica, deleted);
        Assert.Equal(0, replica.Tree.Keys);
        _effects.Clear();
        replica.OnMerge(NextCall(), Epoch, SomeKey, written, null, Now, _effects);
        Settle(replica, SiblingSet.Empty);
        Assert.Empty(Of<ReplicaEffect.Store>());
    }

    [Fact]
    public void Too_many_siblings_are_refused_on_the_clients_path_only()
    {
        var replica = Ready(options: new ReplicaOptions { MaxSiblings = 2 });
        Write(replica, new WriteRequest());
        var two = Write(replica, new WriteRequest());
        _effects.Clear();
        Coordinate(replica, new WriteRequest());
        Settle(replica, two);
        Assert.Equal(Refusal.TooManySiblings, Assert.Single(Of<ReplicaEffect.Refused>()).Refusal);
        replica.OnMerge(NextCall(), Epoch, SomeKey, Single(B, 1), null, Now, _effects);
        Settle(replica, two);
        Assert.Equal(3, Of<ReplicaEffect.Store>()[^1].Set.Count);
    }

    [Fact]
    public void A_context_that_knows_this_incarnations_future_is_refused()
    {
        var replica = Ready();
        Coordinate(replica, new WriteRequest { Context = CausalContext.Of(Single(A, 50)) });
        Settle(replica, SiblingSet.Empty);
        Assert.Equal(Refusal.ContextFromFuture, Assert.Single(Of<ReplicaEffect.Refused>()).Refusal);
    }

    [Fact]
    public void What_it_vouches_for_grows_only_with_what_is_stored()
    {
        var replica = Ready();
        Coordinate(replica, new WriteRequest());
        replica.OnLoaded(SomeKey, LoadResult.Absent, Now, _effects);
        Assert.Equal(0UL, replica.Origins[FirstOf(A)]);
        StoreAll(replica);
        Assert.Equal(1UL, replica.Origins[FirstOf(A)]);
    }

    private Replica Ready(ReplicaRole role = ReplicaRole.Primary, bool isWhole = true, ReplicaOptions? options = null)
    {
        var meta = ReplicaMeta.New with { Role = role, IsWhole = isWhole, Fence = Epoch };
        var replica = new Replica(Partition, meta, unbroken: false, new HashTree(1), options ?? new ReplicaOptions());
        replica.Start(_effects);
        Assert.IsType<ReplicaEffect.BeginTenure>(Assert.Single(_effects));
        replica.OnTenureBegun(FirstOf(A), 1000, Now, _effects);
        _effects.Clear();
        return replica;
    }

    /// <summary>A stand-in that holds a key becomes an owner, and a stream brings what its source holds of it.</summary>
    private void Streamed(SiblingSet held, SiblingSet set, Dot seenBySource)
    {
        var replica = Ready(ReplicaRole.Fallback);
        var next = Epoch.Next();
        replica.OnFence(NextCall(), next, ReplicaRole.Primary, _effects);
        replica.OnFenceSaved(next, _effects);
        replica.OnStreamed(NextCall(), next, SomeKey, set, VersionVector.Of(seenBySource), Now, _effects);
        Settle(replica, held);
    }

    private void Drop(Replica replica, SiblingSet held)
    {
        replica.OnDrop(NextCall(), Epoch, SomeKey, held.Hash, ifRetired: true, Now, _effects);
        replica.OnLoaded(SomeKey, new LoadResult(held), Now, _effects);
    }

    private CallId NextCall() => new(++_calls);

    private CallId Coordinate(Replica replica, WriteRequest write)
    {
        var call = NextCall();
        replica.OnCoordinate(call, replica.Fence > Epoch ? Epoch : replica.Fence, SomeKey, write, null, Now, _effects);
        return call;
    }

    private readonly Dictionary<Replica, SiblingSet> _disk = [];

    private SiblingSet Write(Replica replica, WriteRequest write)
    {
        Coordinate(replica, write);
        Settle(replica, _disk.GetValueOrDefault(replica, SiblingSet.Empty));
        return _disk[replica] = Of<ReplicaEffect.Minted>()[^1].Set;
    }

    private void Settle(Replica replica, SiblingSet onDisk)
    {
        replica.OnLoaded(SomeKey, new LoadResult(onDisk), Now, _effects);
        StoreAll(replica);
    }

    private void StoreAll(Replica replica)
    {
        for (var i = 0; i < _effects.Count; i++)
        {
            if (_effects[i] is ReplicaEffect.Store store)
                replica.OnStored(store.Ticket, Now, _effects);
        }
    }

    private List<T> Of<T>() where T : ReplicaEffect => [.. _effects.OfType<T>()];
}
