using KvStore.Core.AntiEntropy;
using static KvStore.Core.Tests.Nodes;

namespace KvStore.Core.Tests.AntiEntropy;

public sealed class ExchangeScheduleSpec
{
    private static readonly ExchangePair WithB = new(Partition, B);
    private static readonly ExchangePair WithC = new(Partition, C);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void Dirty_pairs_come_first_and_no_more_than_the_limit_are_under_way()
    {
        var schedule = Started(limit: 1);
        schedule.MarkDirty(WithC, TimeSpan.FromMinutes(11));
        Assert.Equal(WithC, schedule.TakeDue(TimeSpan.FromMinutes(11), AllReachable));
        Assert.Null(schedule.TakeDue(TimeSpan.FromMinutes(11), AllReachable));
        schedule.OnEnded(WithC, complete: true, TimeSpan.FromMinutes(11), 0.5);
        Assert.Equal(WithB, schedule.TakeDue(TimeSpan.FromMinutes(11), AllReachable));
    }

    [Fact]
    public void A_failed_pair_is_tried_again_later_and_later()
    {
        var schedule = Started(limit: 2);
        var now = TimeSpan.FromMinutes(10);
        schedule.TakeDue(now, AllReachable);
        schedule.TakeDue(now, AllReachable);
        schedule.OnEnded(WithB, complete: false, now, 0.5);
        Assert.Null(schedule.TakeDue(now + TimeSpan.FromSeconds(4), AllReachable));
        Assert.Equal(WithB, schedule.TakeDue(now += TimeSpan.FromSeconds(5), AllReachable));
        schedule.OnEnded(WithB, complete: false, now, 0.5);
        Assert.Null(schedule.TakeDue(now + TimeSpan.FromSeconds(9), AllReachable));
        Assert.Equal(WithB, schedule.TakeDue(now + TimeSpan.FromSeconds(10), AllReachable));
    }

    [Fact]
    public void Who_was_away_is_due_the_moment_that_it_can_be_reached()
    {
        var schedule = Started(limit: 2);
        var now = TimeSpan.FromMinutes(10);
        Assert.Equal(WithC, schedule.TakeDue(now, Without(B)));
        Assert.Null(schedule.TakeDue(now += TimeSpan.FromHours(2), Without(B)));
        Assert.Equal(WithB, schedule.TakeDue(now, AllReachable));
    }

    [Fact]
    public void A_mark_stays_until_an_exchange_that_began_after_it_is_complete()
    {
        var schedule = Started(limit: 1);
        var now = TimeSpan.FromMinutes(1);
        schedule.MarkDirty(WithC, now);
        Assert.Equal(WithC, schedule.TakeDue(now, AllReachable));
        schedule.OnEnded(WithC, complete: false, now, 0.5);
        Assert.Equal(WithC, schedule.TakeDue(now += Interval, AllReachable));
        schedule.MarkDirty(WithC, now);
        schedule.OnEnded(WithC, complete: true, now, 0.5);
        Assert.Equal(WithC, schedule.TakeDue(now, AllReachable));
        schedule.OnEnded(WithC, complete: true, now, 0.5);
        Assert.Equal(WithB, schedule.TakeDue(now, AllReachable));
    }

    [Fact]
    public void What_nobody_ends_is_given_up_after_the_patience_and_leaves_its_place()
    {
        var schedule = Started(limit: 1);
        var now = TimeSpan.FromMinutes(10);
        schedule.MarkDirty(WithB, now);
        Assert.Equal(WithB, schedule.TakeDue(now, AllReachable));
        Assert.Null(schedule.TakeDue(now + Patience - TimeSpan.FromSeconds(1), AllReachable));
        Assert.Equal(WithC, schedule.TakeDue(now += Patience, AllReachable));
        schedule.OnEnded(WithB, complete: true, now, 0.5);
        Assert.Null(schedule.TakeDue(now, AllReachable));
        schedule.OnEnded(WithC, complete: true, now, 0.5);
        Assert.Equal(WithB, schedule.TakeDue(now + TimeSpan.FromSeconds(5), AllReachable));
    }

    private static ExchangeSchedule Started(int limit)
    {
        var schedule = new ExchangeSchedule(Interval, TimeSpan.FromSeconds(5), Patience, limit);
        schedule.OnPairs([WithB, WithC], TimeSpan.Zero, () => 0.5);
        return schedule;
    }
}
