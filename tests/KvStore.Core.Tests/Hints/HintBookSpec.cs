using KvStore.Core.Hints;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Core.Tests.Placement;

namespace KvStore.Core.Tests.Hints;

public sealed class HintBookSpec
{
    private static readonly Ring Ring = Rings.Of(5, 64);
    private static readonly PreferenceList List = Ring.PreferenceList(new PartitionId(9), 3);
    private static readonly NodeId Owner = List.Primaries[0];
    private readonly List<HintEffect> _effects = [];
    private readonly HintBook _book = new(new HintOptions { MaxHints = 10, MaxBytes = 1_000, MaxAsk = 4 });

    [Fact]
    public void Writes_to_one_key_coalesce_into_one_hint()
    {
        for (var write = 1; write <= 5; write++)
            Keep("a", bytes: write * 10);
        Assert.Equal((1, 50L), (_book.Count, _book.Bytes));
    }

    [Fact]
    public void A_hint_goes_when_its_owner_has_it_on_disk_and_not_before()
    {
        Keep("a");
        var deliver = Deliver(Owner);
        Assert.Equal(1, _book.Count);
        _book.OnDelivered(deliver.Hint, deliver.Generation, _effects);
        Assert.True(Assert.IsType<HintEffect.Remove>(_effects[^1]).DropsCopy);
        Assert.Equal((0, 0L), (_book.Count, _book.Bytes));
    }

    [Fact]
    public void A_copy_kept_for_two_owners_goes_with_the_second_delivery_and_not_before()
    {
        var other = List.Primaries[1];
        Keep("a");
        Keep("a", owner: other);
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        foreach (var owner in new[] { Owner, other })
        {
            _book.OnGranted(owner, 10, 1_000, Ring, _ => true, _effects);
            var deliver = Assert.IsType<HintEffect.Deliver>(_effects[^1]);
            _book.OnDelivered(deliver.Hint, deliver.Generation, _effects);
            Assert.Equal(owner == other, Assert.IsType<HintEffect.Remove>(_effects[^1]).DropsCopy);
        }
    }

    [Fact]
    public void A_write_that_comes_in_during_a_delivery_is_delivered_too()
    {
        Keep("a");
        var first = Deliver(Owner);
        Keep("a", bytes: 20);
        _book.OnDelivered(first.Hint, first.Generation, _effects);
        Assert.Equal(1, _book.Count);
        Assert.True(Deliver(Owner).Generation > first.Generation);
    }

    [Fact]
    public void A_late_answer_does_not_end_what_was_kept_since_under_the_same_key()
    {
        Keep("a");
        var late = Deliver(Owner);
        _book.OnUndelivered(late.Hint);
        var second = Deliver(Owner);
        _book.OnDelivered(second.Hint, second.Generation, _effects);
        Keep("a");
        _book.OnDelivered(late.Hint, late.Generation, _effects);
        Assert.Equal(1, _book.Count);
        Assert.Equal(Owner, Deliver(Owner).To);
    }

    [Fact]
    public void A_delivery_that_read_what_was_there_before_the_copy_was_stored_does_not_end_its_hint()
    {
        Keep("a");
        var early = Deliver(Owner);
        Assert.False(_book.OnStored(early.Hint, 10, TimeSpan.Zero));
        _book.OnDelivered(early.Hint, early.Generation, _effects);
        Assert.Equal(1, _book.Count);
        Assert.Equal(Owner, Deliver(Owner).To);
    }

    [Fact]
    public void A_copy_that_is_stored_after_its_hint_has_ended_is_kept_again()
    {
        Keep("a");
        var early = Deliver(Owner);
        _book.OnDelivered(early.Hint, early.Generation, _effects);
        Assert.True(_book.OnStored(early.Hint, 10, TimeSpan.Zero));
        Assert.Equal((1, 10L), (_book.Count, _book.Bytes));
        Assert.Equal(Owner, Deliver(Owner).To);
    }

    [Fact]
    public void A_copy_that_is_stored_while_the_hints_are_read_from_disk_is_kept_once()
    {
        var id = new HintId(Owner, List.Partition, new BucketKey(BucketName.Default, Key.Of("a")));
        _book.OnStored(id, 10, TimeSpan.Zero);
        _book.Recover(id, 10, counts: true, TimeSpan.Zero);
        Assert.Equal((1, 10L), (_book.Count, _book.Bytes));
        Assert.Equal(Owner, Deliver(Owner).To);
    }

    [Fact]
    public void An_unconfirmed_delivery_is_tried_again()
    {
        Keep("a");
        _book.OnUndelivered(Deliver(Owner).Hint);
        var again = Deliver(Owner);
        Assert.Equal((Owner, false), (again.To, again.IsOnBehalf));
    }

    [Fact]
    public void Nothing_is_sent_to_an_owner_that_is_away()
    {
        Keep("a");
        _book.OnTick(TimeSpan.Zero, Ring, node => node != Owner, _effects);
        Assert.Empty(_effects);
    }

    [Fact]
    public void A_full_book_refuses_and_an_uncounted_hint_leaves_its_partition_dirty()
    {
        for (var key = 0; key < 10; key++)
            Assert.True(Keep($"k{key}"));
        Assert.False(Keep("more"));
        Assert.Empty(_effects);
        Assert.False(Keep("more", counts: false));
        Assert.Equal(new HintEffect.MarkDirty(Owner, List.Partition), Assert.Single(_effects));
        Assert.Equal(10, _book.Count);
    }

    [Fact]
    public void Past_the_window_an_uncounted_hint_goes_and_leaves_its_partition_dirty()
    {
        Keep("a", counts: false);
        _book.OnTick(TimeSpan.FromHours(4), Ring, node => node != Owner, _effects);
        Assert.Collection(
            _effects,
            effect => Assert.IsType<HintEffect.MarkDirty>(effect),
            effect => Assert.False(Assert.IsType<HintEffect.Remove>(effect).DropsCopy));
        Assert.Equal(0, _book.Count);
    }

    [Fact]
    public void Past_the_window_a_counted_copy_goes_to_another_primary_and_is_never_just_dropped()
    {
        Keep("a");
        _book.OnTick(TimeSpan.FromHours(4), Ring, node => node != Owner, _effects);
        Assert.Contains(_effects, effect => effect is HintEffect.MarkDirty);
        Assert.Equal(1, _book.Count);
        var other = List.Primaries[1];
        _book.OnGranted(other, 10, 1_000, Ring, node => node != Owner, _effects);
        var deliver = Assert.IsType<HintEffect.Deliver>(_effects[^1]);
        Assert.Equal((other, Owner, true), (deliver.To, deliver.Hint.Owner, deliver.IsOnBehalf));
    }

    [Fact]
    public void A_hint_for_a_node_that_owns_the_partition_no_more_goes_to_one_that_does()
    {
        var stranger = Ring.Members.First(member => !List.IsPrimary(member.Id)).Id;
        Keep("a", owner: stranger);
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Equal(Owner, Assert.IsType<HintEffect.Ask>(Assert.Single(_effects)).To);
    }

    [Fact]
    public void A_delivery_stays_within_what_was_granted()
    {
        for (var key = 0; key < 4; key++)
            Keep($"k{key}", bytes: 100);
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        _effects.Clear();
        _book.OnGranted(Owner, hints: 4, bytes: 250, Ring, _ => true, _effects);
        Assert.Equal(2, _effects.OfType<HintEffect.Deliver>().Count());
    }

    [Fact]
    public void A_question_for_room_says_how_much_the_oldest_hint_needs()
    {
        Keep("old", bytes: 200);
        Keep("new", bytes: 30);
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Equal(new HintEffect.Ask(Owner, 2, 230, First: 200), Assert.Single(_effects));
    }

    [Fact]
    public void What_does_not_fit_into_the_rest_of_what_was_granted_lets_others_pass_and_comes_first_the_next_time()
    {
        Keep("a", bytes: 100);
        Keep("b", bytes: 200);
        Keep("c", bytes: 50);
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        _effects.Clear();
        _book.OnGranted(Owner, hints: 3, bytes: 160, Ring, _ => true, _effects);
        Assert.Equal(["a", "c"], _effects.OfType<HintEffect.Deliver>().Select(deliver => deliver.Hint.Key.Key.ToString()));
        _effects.Clear();
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Equal(new HintEffect.Ask(Owner, 1, 200, First: 200), Assert.Single(_effects));
    }

    [Fact]
    public void No_room_is_asked_for_while_as_much_is_on_its_way_as_may_be()
    {
        var book = new HintBook(new HintOptions { MaxInFlight = 2 });
        for (var key = 0; key < 3; key++)
        {
            var id = new HintId(Owner, List.Partition, new BucketKey(BucketName.Default, Key.Of($"k{key}")));
            Assert.True(book.TryKeep(id, 10, counts: true, TimeSpan.Zero, _effects));
        }

        book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Equal(new HintEffect.Ask(Owner, 2, 20, First: 10), Assert.Single(_effects));
        book.OnGranted(Owner, 2, 20, Ring, _ => true, _effects);
        var first = _effects.OfType<HintEffect.Deliver>().First();
        _effects.Clear();
        book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Empty(_effects);
        book.OnDelivered(first.Hint, first.Generation, _effects);
        _effects.Clear();
        book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Equal(new HintEffect.Ask(Owner, 1, 10, First: 10), Assert.Single(_effects));
    }

    private bool Keep(string key, int bytes = 10, bool counts = true, NodeId owner = default) => _book.TryKeep(
        new HintId(owner.IsNone ? Owner : owner, List.Partition, new BucketKey(BucketName.Default, Key.Of(key))),
        bytes, counts, TimeSpan.Zero, _effects);

    private HintEffect.Deliver Deliver(NodeId to)
    {
        _effects.Clear();
        _book.OnTick(TimeSpan.Zero, Ring, _ => true, _effects);
        Assert.Equal(to, Assert.IsType<HintEffect.Ask>(Assert.Single(_effects)).To);
        _book.OnGranted(to, 10, 1_000, Ring, _ => true, _effects);
        return Assert.IsType<HintEffect.Deliver>(_effects[^1]);
    }
}
