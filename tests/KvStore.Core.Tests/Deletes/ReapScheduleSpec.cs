using KvStore.Core.Deletes;
using KvStore.Core.Identity;

namespace KvStore.Core.Tests.Deletes;

public sealed class ReapScheduleSpec
{
    private static readonly PartitionId One = new(1);
    private static readonly PartitionId Two = new(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(10);

    [Fact]
    public void No_more_than_the_limit_are_under_way_and_none_twice()
    {
        var schedule = Started(limit: 1);
        Assert.Equal(One, schedule.TakeDue(Now));
        Assert.Null(schedule.TakeDue(Now));
        schedule.OnEnded(One, Now, 0.5);
        Assert.Equal(Two, schedule.TakeDue(Now));

        schedule = Started(limit: 3);
        Assert.Equal((One, Two, (PartitionId?)null), (schedule.TakeDue(Now), schedule.TakeDue(Now), schedule.TakeDue(Now)));
    }

    [Fact]
    public void Each_is_due_again_an_interval_after_it_has_ended_or_when_it_is_hastened()
    {
        var schedule = Started(limit: 2);
        schedule.TakeDue(Now);
        schedule.TakeDue(Now);
        schedule.OnEnded(One, Now, 0.5);
        schedule.OnEnded(Two, Now, 0.5);
        Assert.Null(schedule.TakeDue(Now + Interval - TimeSpan.FromSeconds(1)));
        schedule.Hasten(Two, Now);
        Assert.Equal(Two, schedule.TakeDue(Now));
        Assert.Equal(One, schedule.TakeDue(Now + Interval));
    }

    [Fact]
    public void What_nobody_ends_is_given_up_after_the_patience_and_leaves_its_place()
    {
        var schedule = Started(limit: 1);
        Assert.Equal(One, schedule.TakeDue(Now));
        Assert.Null(schedule.TakeDue(Now + Patience - TimeSpan.FromSeconds(1)));
        Assert.Equal(Two, schedule.TakeDue(Now + Patience));
        schedule.OnEnded(Two, Now + Patience, 0.5);
        Assert.Equal(One, schedule.TakeDue(Now + Interval));
    }

    [Fact]
    public void A_partition_that_is_not_held_any_more_is_not_begun_and_a_round_of_it_still_ends()
    {
        var schedule = Started(limit: 1);
        Assert.Equal(One, schedule.TakeDue(Now));
        schedule.OnPartitions([Two], Now, () => 0.5);
        schedule.OnEnded(One, Now, 0.5);
        schedule.Hasten(One, Now);
        Assert.Equal(Two, schedule.TakeDue(Now));
    }

    private static ReapSchedule Started(int limit)
    {
        var schedule = new ReapSchedule(Interval, Patience, limit);
        schedule.OnPartitions([Two, One], TimeSpan.Zero, () => 0.5);
        return schedule;
    }
}
