using KvStore.Core.Causality;
using KvStore.Core.Identity;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.Causality;

public sealed class SiblingViewSpec
{
    [Fact]
    public void Two_dots_of_one_client_operation_are_shown_as_one_sibling()
    {
        var request = new RequestId(9, 1);
        var first = SiblingSet.Empty.Update(VersionVector.Empty, Value(A, 1).With(request, default, 0));
        var retry = SiblingSet.Empty.Update(VersionVector.Empty, Value(B, 1).With(request, default, 0));
        var both = SiblingSet.Sync(first, retry);
        Assert.Equal(2, both.Count);
        Assert.Single(SiblingView.Shown(both, ConflictPolicy.Siblings, 0));
    }

    [Fact]
    public void Last_writer_wins_shows_the_latest_and_a_later_delete_shows_nothing()
    {
        var early = SiblingSet.Empty.Update(VersionVector.Empty, Value(A, 1).With(default, new HybridTimestamp(5), 0));
        var late = SiblingSet.Empty.Update(VersionVector.Empty, Value(B, 1).With(default, new HybridTimestamp(6), 0));
        var deleted = SiblingSet.Empty.Update(VersionVector.Empty, Sibling.Tombstone(Dot(C, 1)).With(default, new HybridTimestamp(7), 0));
        var two = SiblingSet.Sync(early, late);
        Assert.Equal(Dot(B, 1), Assert.Single(SiblingView.Shown(two, ConflictPolicy.LastWriterWins, 0)).Dot);
        Assert.Empty(SiblingView.Shown(SiblingSet.Sync(two, deleted), ConflictPolicy.LastWriterWins, 0));
    }

    [Fact]
    public void What_expired_is_not_shown_and_replicas_that_notice_at_different_times_stay_equal()
    {
        var set = SiblingSet.Empty.Update(VersionVector.Empty, Value(A, 1).With(default, default, 1000));
        Assert.Single(SiblingView.Shown(set, ConflictPolicy.Siblings, 999));
        Assert.Empty(SiblingView.Shown(set, ConflictPolicy.Siblings, 1000));
        Assert.Same(set, set.DropExpiredBytes(999));
        Assert.True(set.DropExpiredBytes(1000).Siblings[0].Value.IsEmpty);
        Assert.True(set.StateEquals(set.DropExpiredBytes(1000)));
    }
}

public sealed class SeenEventsSpec
{
    [Fact]
    public void A_late_copy_of_what_was_seen_and_is_gone_stays_away()
    {
        var seen = new SeenEvents(VersionVector.Of(Dot(A, 5)), default);
        Assert.True(SiblingSet.Sync(SiblingSet.Empty, Single(A, 5), seen).IsEmpty);
        Assert.False(SiblingSet.Sync(SiblingSet.Empty, Single(A, 6), seen).IsEmpty);
    }

    [Fact]
    public void A_key_written_again_after_reaping_does_not_bring_the_old_value_back()
    {
        var seen = new SeenEvents(VersionVector.Of(Dot(A, 5)), Dot(B, 9));
        var again = SiblingSet.Sync(Single(B, 9), Single(A, 5), seen);
        Assert.Equal(Dot(B, 9), Assert.Single(again.Siblings.ToArray()).Dot);
    }

    [Fact]
    public void Only_what_was_not_seen_of_a_late_copy_is_taken()
    {
        var seen = new SeenEvents(VersionVector.Of(Dot(A, 5)), default);
        var late = SiblingSet.Sync(Single(A, 5), Single(C, 9));
        Assert.Equal(Dot(C, 9), Assert.Single(SiblingSet.Sync(SiblingSet.Empty, late, seen).Siblings.ToArray()).Dot);
    }
}

public sealed class CounterLeaseSpec
{
    [Fact]
    public void Counters_stop_at_the_durable_end_and_go_on_when_it_moves()
    {
        var lease = new CounterLease(FirstOf(A), 1, 2, 2);
        Assert.True(lease.TryTake(out var first));
        Assert.True(lease.TryTake(out var second));
        Assert.Equal((1UL, 2UL), (first.Counter, second.Counter));
        Assert.False(lease.TryTake(out _));
        Assert.True(lease.NeedsExtension(out var end));
        Assert.False(lease.NeedsExtension(out _));
        lease.OnExtended(end);
        Assert.True(lease.TryTake(out var third));
        Assert.Equal(3UL, third.Counter);
    }
}

public sealed class HybridClockSpec
{
    [Fact]
    public void Stamps_rise_though_the_wall_clock_steps_back()
    {
        var clock = new HybridClock(HybridTimestamp.None);
        var first = clock.Next(1000);
        Assert.True(clock.Next(400) > first);
        Assert.True(clock.Observe(HybridTimestamp.AtMilliseconds(5000), 4000));
        Assert.True(clock.Next(4000) > HybridTimestamp.AtMilliseconds(5000));
    }

    [Fact]
    public void A_stamp_from_too_far_ahead_is_not_taken_over()
    {
        var clock = new HybridClock(HybridTimestamp.None);
        Assert.False(clock.Observe(HybridTimestamp.AtMilliseconds(70_001), 10_000));
        Assert.Equal(HybridTimestamp.None, clock.Last);
    }
}

public sealed class CausalContextCodecSpec
{
    private static readonly CausalContextCodec Codec = new(new byte[32]);
    private static readonly CausalContext Context = new(Single(A, 5).Context.With(Dot(C, 300)), new HybridTimestamp(77));

    [Fact]
    public void A_context_comes_back_from_its_token()
    {
        Assert.True(Codec.TryOpen(SomeKey, Codec.Seal(SomeKey, Context), out var opened, out _));
        Assert.Equal(Context, opened);
    }

    [Fact]
    public void No_context_is_the_empty_token()
    {
        Assert.Empty(Codec.Seal(SomeKey, CausalContext.None));
        Assert.True(Codec.TryOpen(SomeKey, [], out var opened, out _));
        Assert.Same(CausalContext.None, opened);
    }

    [Fact]
    public void A_token_of_another_key_bucket_or_cluster_is_refused()
    {
        var token = Codec.Seal(SomeKey, Context);
        Assert.False(Codec.TryOpen(SomeKey with { Key = Key.Of("other") }, token, out _, out var error));
        Assert.Contains("Nothing was written", error, StringComparison.Ordinal);
        Assert.False(Codec.TryOpen(SomeKey with { Bucket = BucketName.Create("other") }, token, out _, out _));
        var secret = new byte[32];
        secret[0] = 1;
        Assert.False(new CausalContextCodec(secret).TryOpen(SomeKey, token, out _, out _));
    }

    [Fact]
    public void Every_altered_byte_and_every_cut_is_refused()
    {
        var token = Codec.Seal(SomeKey, Context);
        for (var i = 0; i < token.Length; i++)
        {
            var altered = (byte[])token.Clone();
            altered[i] ^= 0x10;
            Assert.False(Codec.TryOpen(SomeKey, altered, out _, out _));
            Assert.Equal(i == 0, Codec.TryOpen(SomeKey, token.AsSpan(0, i), out _, out _));
        }
    }
}
