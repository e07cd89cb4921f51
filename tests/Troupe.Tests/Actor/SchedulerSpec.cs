using Akka.Actor;

namespace Troupe.Tests.Actor;

public class SchedulerSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_message_comes_after_its_delay()
    {
        using var system = new ManualSystem();
        system.System.Scheduler.ScheduleTellOnce(Second, system.StartNoting("a"), "later", ActorRefs.NoSender);

        system.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Empty(system.Notes);

        system.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["a got later"], system.Notes);
    }

    [Fact]
    public void A_repeated_message_comes_until_it_is_cancelled()
    {
        using var system = new ManualSystem();
        var cancelable = system.System.Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second * 2, system.StartNoting("a"),
            "again", ActorRefs.NoSender);
        system.Advance(Second * 4);
        Assert.Equal(2, system.Notes.Count);

        cancelable.Cancel();
        system.Advance(Second * 10);

        Assert.Equal(2, system.Notes.Count);
        Assert.Equal(0, system.Seams.ActiveTimers);
    }

    [Fact]
    public void Repeated_work_that_fails_is_logged_and_ends()
    {
        using var system = new ManualSystem();
        var runs = 0;
        system.System.Scheduler.Advanced.ScheduleRepeatedly(Second, Second, () =>
        {
            runs++;
            throw new InvalidOperationException("boom");
        });

        system.Advance(Second * 5);

        Assert.Equal(1, runs);
        Assert.Equal("boom", Assert.Single(system.Logged(), e => e.Cause is not null).Cause.Message);
    }

    [Fact]
    public void Negative_delays_and_empty_intervals_are_refused()
    {
        using var system = new ManualSystem();
        var scheduler = system.System.Scheduler;

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            scheduler.ScheduleTellOnce(-Second, ActorRefs.Nobody, 1, ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Advanced.ScheduleRepeatedly(Second, TimeSpan.Zero, () => { }));
    }

    [Fact]
    public void A_cancelable_cancels_its_token_itself_after_a_time_and_with_those_it_is_linked_to()
    {
        using var system = new ManualSystem();
        using var first = new Cancelable(system.System.Scheduler, Second);
        var linked = Cancelable.CreateLinkedCancelable(system.System.Scheduler, first);

        Assert.False(first.Token.IsCancellationRequested);
        system.Advance(Second);

        Assert.True(first.Token.IsCancellationRequested);
        Assert.True(linked.IsCancellationRequested);
        Assert.True(Cancelable.CreateCanceled().Token.IsCancellationRequested);
    }

    [Fact]
    public void Time_is_the_platforms()
    {
        using var system = new ManualSystem();
        system.Advance(Second * 90);

        Assert.Equal(system.Seams.UtcNow, system.System.Scheduler.Now);
        Assert.Equal(system.Seams.Monotonic, system.System.Scheduler.MonotonicClock);
        Assert.Equal(Second * 90, system.System.Uptime);
    }
}
