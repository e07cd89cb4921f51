using Akka.Actor;
using Akka.Pattern;

namespace ActorRuntime.Specs.Supervision;

public sealed class BackoffSupervisorSpec() : Spec(WithTestTime)
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(8);

    [Fact]
    public void A_child_that_stopped_starts_again_after_the_backoff()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1));
        supervisor.Tell("stop");
        ExpectMsg("stopped", Soon);
        AwaitChild(supervisor, present: false);

        TestTime.Advance(Min - TimeSpan.FromMilliseconds(1));
        AwaitHandled(supervisor);
        Assert.False(HasMessages);

        TestTime.Advance(TimeSpan.FromMilliseconds(1));
        ExpectMsg("started", Soon);
    }

    [Fact]
    public void The_backoff_doubles_up_to_its_maximum()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1));

        foreach (var factor in (int[])[1, 2, 4, 8, 8])
        {
            supervisor.Tell("stop");
            ExpectMsg("stopped", Soon);
            AwaitChild(supervisor, present: false);
            TestTime.Advance((factor * Min) - TimeSpan.FromMilliseconds(1));
            AwaitHandled(supervisor);
            Assert.False(HasMessages);
            TestTime.Advance(TimeSpan.FromMilliseconds(1));
            ExpectMsg("started", Soon);
        }
    }

    [Fact]
    public void A_child_that_failed_starts_again_after_the_backoff()
    {
        var supervisor = Started(Backoff.OnFailure(Child(), "child", Min, Max, 0, -1));

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => supervisor.Tell("fail"));
        ExpectMsg("stopped", Soon);
        AwaitChild(supervisor, present: false);

        TestTime.Advance(Min);
        ExpectMsg("started", Soon);
    }

    [Fact]
    public void A_message_is_forwarded_to_the_child_and_its_answer_comes_from_the_supervisor()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1));

        supervisor.Tell("echo");

        ExpectMsg("echo", Soon);
    }

    [Fact]
    public void While_the_child_is_down_messages_can_be_answered_with_a_fixed_reply()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1).WithReplyWhileStopped("away"));
        supervisor.Tell("stop");
        ExpectMsg("stopped", Soon);
        AwaitChild(supervisor, present: false);

        supervisor.Tell("echo");

        ExpectMsg("away", Soon);
    }

    [Fact]
    public void The_count_of_restarts_can_be_asked_for_and_reset()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1).WithManualReset());
        supervisor.Tell("stop");
        ExpectMsg("stopped", Soon);
        AwaitChild(supervisor, present: false);
        TestTime.Advance(Min);
        ExpectMsg("started", Soon);

        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(1, ExpectMsg<BackoffSupervisor.RestartCount>(Soon).Count);

        supervisor.Tell(BackoffSupervisor.Reset.Instance);
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(0, ExpectMsg<BackoffSupervisor.RestartCount>(Soon).Count);
    }

    [Fact]
    public void A_child_that_stays_up_long_enough_resets_the_count()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1).WithAutoReset(3 * Min));
        supervisor.Tell("stop");
        ExpectMsg("stopped", Soon);
        AwaitChild(supervisor, present: false);
        TestTime.Advance(Min);
        ExpectMsg("started", Soon);
        AwaitHandled(supervisor);

        TestTime.Advance(3 * Min);

        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.Equal(0, ExpectMsg<BackoffSupervisor.RestartCount>(Soon).Count);
    }

    [Fact]
    public void After_the_allowed_retries_the_supervisor_stops()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, 1));
        var end = CreateTestProbe();
        end.Watch(supervisor);
        supervisor.Tell("stop");
        ExpectMsg("stopped", Soon);
        AwaitChild(supervisor, present: false);
        TestTime.Advance(Min);
        ExpectMsg("started", Soon);

        supervisor.Tell("stop");

        end.ExpectTerminated(supervisor, Soon);
    }

    [Fact]
    public void A_final_message_lets_the_supervisor_stop_with_its_child()
    {
        var supervisor = Started(Backoff.OnStop(Child(), "child", Min, Max, 0, -1).WithFinalStopMessage(m => "stop".Equals(m)));
        var end = CreateTestProbe();
        end.Watch(supervisor);

        supervisor.Tell("stop");

        end.ExpectTerminated(supervisor, Soon);
    }

    private IActorRef Started(BackoffOptions options)
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(options));
        ExpectMsg("started", Soon);
        AwaitChild(supervisor, present: true);
        return supervisor;
    }

    private Props Child() => Props.Create(() => new ReportingChild(TestActor));

    /// <summary>Waits until the supervisor has noticed that its child is there, or gone.</summary>
    private void AwaitChild(IActorRef supervisor, bool present)
    {
        var probe = CreateTestProbe();
        probe.AwaitAssert(
            () =>
            {
                probe.Send(supervisor, BackoffSupervisor.GetCurrentChild.Instance);
                Assert.Equal(present, !probe.ExpectMsg<BackoffSupervisor.CurrentChild>(Soon).Ref.IsNobody());
            },
            Soon,
            TimeSpan.FromMilliseconds(2));
    }

    private sealed class ReportingChild : ReceiveActor
    {
        private readonly IActorRef _report;

        public ReportingChild(IActorRef report)
        {
            _report = report;
            Receive<string>(m => m == "stop", _ => Context.Stop(Self));
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
            ReceiveAny(m => Sender.Tell(m));
        }

        protected override void PreStart() => _report.Tell("started");

        protected override void PostStop() => _report.Tell("stopped");
    }
}
