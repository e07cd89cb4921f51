using Akka.Actor;

namespace ActorRuntime.Specs.Messaging;

/// <summary>The real scheduler: these specs take real time, a few milliseconds each.</summary>
public sealed class SchedulerSpec : Spec
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_message_scheduled_once_comes_once_and_not_before_its_time()
    {
        var start = Now;

        Sys.Scheduler.ScheduleTellOnce(Tick, TestActor, "tick", ActorRefs.NoSender);

        ExpectMsg("tick", Soon);
        Assert.True(Now - start >= Tick - TimeSpan.FromMilliseconds(1), $"It came after {Now - start}.");
        ExpectNoMsg(5 * Tick);
    }

    [Fact]
    public void A_message_scheduled_repeatedly_comes_until_it_is_cancelled()
    {
        using var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellRepeatedly(Tick, Tick, TestActor, "tick", ActorRefs.NoSender, cancelable);
        ExpectMsg("tick", Soon);
        ExpectMsg("tick", Soon);
        ExpectMsg("tick", Soon);

        cancelable.Cancel();
        ReceiveWhile<object>(m => m, 2 * Tick);

        ExpectNoMsg(5 * Tick);
    }

    [Fact]
    public void A_message_cancelled_before_its_time_does_not_come()
    {
        var cancelable = Sys.Scheduler.ScheduleTellOnceCancelable(Tick, TestActor, "tick", ActorRefs.NoSender);

        cancelable.Cancel();

        ExpectNoMsg(5 * Tick);
    }

    [Fact]
    public void An_action_runs_at_its_time()
    {
        var ran = CreateTestLatch();

        Sys.Scheduler.Advanced.ScheduleOnce(Tick, ran.CountDown);

        ran.Ready(Soon);
    }

    [Fact]
    public void Messages_come_in_the_order_of_their_times()
    {
        Sys.Scheduler.ScheduleTellOnce(5 * Tick, TestActor, "later", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(Tick, TestActor, "sooner", ActorRefs.NoSender);

        ExpectMsg("sooner", Soon);
        ExpectMsg("later", Soon);
    }

    [Fact]
    public void The_monotonic_clock_does_not_go_back()
    {
        var readings = Enumerable.Range(0, 1000).Select(_ => Sys.Scheduler.MonotonicClock).ToList();

        Assert.Equal(readings.Order(), readings);
    }

    [Fact]
    public void A_negative_delay_is_refused() =>
        Assert.ThrowsAny<ArgumentException>(() =>
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(-1), TestActor, "tick", ActorRefs.NoSender));
}
