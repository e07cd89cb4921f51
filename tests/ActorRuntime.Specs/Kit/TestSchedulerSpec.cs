using Akka.Actor;

namespace ActorRuntime.Specs.Kit;

public sealed class TestSchedulerSpec() : Spec(WithTestTime)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Time_stands_still_until_it_is_advanced()
    {
        var start = TestTime.Now;

        TestTime.Advance(Second);

        Assert.Equal(start + Second, TestTime.Now);
    }

    [Fact]
    public void What_is_due_within_one_step_runs_in_the_order_of_its_time()
    {
        TestTime.ScheduleTellOnce(3 * Second, TestActor, "third", ActorRefs.NoSender);
        TestTime.ScheduleTellOnce(Second, TestActor, "first", ActorRefs.NoSender);
        TestTime.ScheduleTellOnce(2 * Second, TestActor, "second", ActorRefs.NoSender);

        TestTime.Advance(3 * Second);

        Assert.Equal(["first", "second", "third"], ReceiveN(3, Soon).Cast<string>());
    }

    [Fact]
    public void A_repetition_comes_as_often_as_the_step_is_long()
    {
        TestTime.ScheduleTellRepeatedly(Second, Second, TestActor, "tick", ActorRefs.NoSender);

        TestTime.Advance(Second);
        TestTime.Advance(Second);
        TestTime.Advance(Second);

        Assert.Equal(3, ReceiveN(3, Soon).Count);
        Assert.False(HasMessages);
    }

    [Fact]
    public void What_is_cancelled_does_not_run()
    {
        var cancelable = new Cancelable((IScheduler)TestTime);
        TestTime.ScheduleTellRepeatedly(Second, Second, TestActor, "tick", ActorRefs.NoSender, cancelable);
        TestTime.Advance(Second);
        ExpectMsg("tick", Soon);

        cancelable.Cancel();
        TestTime.Advance(Second);

        Assert.False(HasMessages);
    }
}
