using FsCheck;
using FsCheck.Fluent;
using KvStore.Core.Causality;

namespace KvStore.Core.Tests.Causality;

public sealed class SiblingSetProperties
{
    private static readonly Arbitrary<int[]> Scripts = ArbMap.Default.ArbFor<int[]>();

    [Fact]
    public void Sync_is_commutative() => ForAllHistories(h =>
        SiblingSet.Sync(h.States[0], h.States[1]).StateEquals(SiblingSet.Sync(h.States[1], h.States[0])));

    [Fact]
    public void Sync_is_associative() => ForAllHistories(h =>
        SiblingSet.Sync(SiblingSet.Sync(h.States[0], h.States[1]), h.States[2])
            .StateEquals(SiblingSet.Sync(h.States[0], SiblingSet.Sync(h.States[1], h.States[2]))));

    [Fact]
    public void It_does_not_matter_which_of_two_sides_that_have_seen_more_does_the_sync() => ForAllHistories(h =>
    {
        var (a, b) = (new SeenEvents(h.States[1].Context, default), new SeenEvents(h.States[2].Context, default));
        return SiblingSet.Sync(h.States[0], h.States[1], a, b).StateEquals(SiblingSet.Sync(h.States[1], h.States[0], b, a));
    });

    [Fact]
    public void Sync_is_idempotent_and_gives_back_the_same_instance() => ForAllHistories(h =>
    {
        var both = SiblingSet.Sync(h.States[0], h.States[1]);
        return ReferenceEquals(SiblingSet.Sync(both, h.States[0]), both)
            && ReferenceEquals(SiblingSet.Sync(both, h.States[1]), both)
            && ReferenceEquals(SiblingSet.Sync(both, both), both);
    });

    [Fact]
    public void No_write_is_lost_unless_a_later_one_descends_from_it() => ForAllHistories(h =>
    {
        var all = h.SyncAll();
        return h.PastOf.Keys.All(write => all.Contains(write) || h.PastOf.Values.Any(past => past.Contains(write)));
    });

    [Fact]
    public void Nothing_superseded_is_kept() => ForAllHistories(h =>
    {
        var all = h.SyncAll();
        return h.PastOf.Values.All(past => !past.Any(all.Contains));
    });

    [Fact]
    public void A_context_covers_what_is_shown_with_it() => ForAllHistories(h => h.States.All(state =>
        SiblingView.Shown(state, ConflictPolicy.Siblings, 0).All(sibling => CausalContext.Of(state).Seen.Covers(sibling.Dot))));

    [Fact]
    public void A_write_based_on_everything_leaves_itself_alone() => ForAllHistories(h =>
    {
        var dot = h.Write(1, h.SyncAll());
        return h.SyncAll() is { Count: 1 } after && after.Contains(dot);
    });

    [Fact]
    public void Writers_that_take_turns_never_make_siblings() => ForAllHistories(h =>
    {
        h.Write(0, h.SyncAll());
        for (var turn = 0; turn < 6; turn++)
        {
            h.Write(turn % History.Replicas, h.SyncAll());
            if (h.SyncAll().Count != 1)
                return false;
        }

        return true;
    });

    [Fact]
    public void Equal_states_have_equal_hashes_and_bytes_and_others_do_not() => ForAllHistories(h =>
        h.States.All(a => h.States.All(b => a.StateEquals(b) == (a.Hash == b.Hash) && (!a.StateEquals(b) || Bytes(a).SequenceEqual(Bytes(b))))));

    [Fact]
    public void A_state_comes_back_from_its_bytes() => ForAllHistories(h => h.States.All(state =>
        SiblingSetCodec.TryRead(Bytes(state), out var read) && read.StateEquals(state) && Bytes(read).SequenceEqual(Bytes(state))));

    [Fact]
    public void Cut_or_altered_bytes_give_an_error_or_a_sound_state_and_never_an_exception() =>
        Prop.ForAll(Scripts, ArbMap.Default.ArbFor<int>(), (script, where) =>
        {
            var bytes = Bytes(History.Run(script).SyncAll());
            var at = (where & int.MaxValue) % bytes.Length;
            SiblingSetCodec.TryRead(bytes.AsMemory(0, at), out _);
            bytes[at] ^= (byte)(1 + (where >> 8 & 0x7F));
            return !SiblingSetCodec.TryRead(bytes, out var read) || read.IsEmpty || read.Context.Covers(read.Siblings[0].Dot);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merging_equal_states_allocates_nothing()
    {
        var one = History.Run([0, 6, 12, 3, 8, 13]).SyncAll();
        Assert.True(SiblingSetCodec.TryRead(Bytes(one), out var copy));
        Assert.Equal(one.Hash, copy.Hash);
        Assert.Same(one, SiblingSet.Sync(one, copy));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            SiblingSet.Sync(one, copy);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Bytes(SiblingSet set)
    {
        var bytes = new byte[SiblingSetCodec.MaxSize(set)];
        return bytes[..SiblingSetCodec.Write(bytes, set)];
    }

    private static void ForAllHistories(Func<History, bool> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Scripts, script => law(History.Run(script))));
}
