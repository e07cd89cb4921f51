using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class TimersSpec() : Spec(WithTestTime)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_single_timer_fires_once_when_its_time_has_come()
    {
        var actor = Started(t => t.StartSingleTimer("key", "tick", Second));

        TestTime.Advance(Second - TimeSpan.FromMilliseconds(1));
        AwaitHandled(actor);
        Assert.False(HasMessages);

        TestTime.Advance(TimeSpan.FromMilliseconds(1));
        ExpectMsg("tick", Soon);
        TestTime.Advance(10 * Second);
        AwaitHandled(actor);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_periodic_timer_fires_again_and_again()
    {
        Started(t => t.StartPeriodicTimer("key", "tick", Second));

        for (var i = 0; i < 3; i++)
        {
            TestTime.Advance(Second);
            ExpectMsg("tick", Soon);
        }
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire()
    {
        var actor = Started(t =>
        {
            t.StartSingleTimer("key", "tick", Second);
            t.Cancel("key");
        });

        TestTime.Advance(Second);
        AwaitHandled(actor);

        Assert.False(HasMessages);
    }

    [Fact]
    public void A_second_timer_of_one_key_takes_the_place_of_the_first()
    {
        var actor = Started(t =>
        {
            t.StartSingleTimer("key", "first", Second);
            t.StartSingleTimer("key", "second", 2 * Second);
        });

        TestTime.Advance(2 * Second);

        ExpectMsg("second", Soon);
        AwaitHandled(actor);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_timer_message_that_is_already_queued_when_its_timer_is_cancelled_is_dropped()
    {
        // Held in a message while the tick is queued behind it; it cancels the timer before it comes to the tick.
        var actor = Started(t => t.StartSingleTimer("key", "tick", Second), out var gate);
        TestTime.Advance(Second);

        gate.Set();
        actor.Tell("behind the tick");

        ExpectMsg("behind the tick", Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_restart_cancels_all_timers()
    {
        var actor = Started(t =>
        {
            t.StartSingleTimer("single", "tick", Second);
            t.StartPeriodicTimer("periodic", "tick", Second);
        });
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() =>
            actor.Tell(new Do(_ => throw new InvalidOperationException("on purpose"))));

        TestTime.Advance(2 * Second);
        AwaitHandled(actor);

        Assert.False(HasMessages);
    }

    [Fact]
    public void Stopping_cancels_all_timers()
    {
        var actor = Started(t => t.StartPeriodicTimer("key", "tick", Second));
        StopAndAwait(actor);

        TestTime.Advance(5 * Second);

        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_timer_is_active_until_it_has_fired_or_is_cancelled()
    {
        Started(t =>
        {
            TestActor.Tell(t.IsTimerActive("key"));
            t.StartSingleTimer("key", "tick", Second);
            TestActor.Tell(t.IsTimerActive("key"));
            t.CancelAll();
            TestActor.Tell(t.IsTimerActive("key"));
        });

        Assert.Equal([false, true, false], ReceiveN(3, Soon).Cast<bool>());
    }

    private IActorRef Started(Action<ITimerScheduler> action)
    {
        var actor = Sys.ActorOf(Props.Create(() => new Timed(TestActor)));
        actor.Tell(new Do(action));
        AwaitHandled(actor);
        return actor;
    }

    /// <summary>An actor that has started timers and is now held in a message, after which it cancels them all.</summary>
    private IActorRef Started(Action<ITimerScheduler> action, out ManualResetEventSlim gate)
    {
        var actor = Started(action);
        var entered = new ManualResetEventSlim();
        var held = new ManualResetEventSlim();
        actor.Tell(new Do(timers =>
        {
            entered.Set();
            held.Wait(Soon);
            timers.CancelAll();
        }));
        Assert.True(entered.Wait(Soon));
        gate = held;
        return actor;
    }

    private sealed record Do(Action<ITimerScheduler> Action) : INoSerializationVerificationNeeded;

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef report)
        {
            Receive<Do>(m => m.Action(Timers));
            ReceiveAny(m => report.Tell(m));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }
}
