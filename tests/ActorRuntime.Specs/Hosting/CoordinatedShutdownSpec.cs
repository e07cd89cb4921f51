using Akka;
using Akka.Actor;

namespace ActorRuntime.Specs.Hosting;

public sealed class CoordinatedShutdownSpec() : Spec(
    """
    akka.coordinated-shutdown {
      run-by-actor-system-terminate = off
      phases {
        before-service-unbind { timeout = 200ms, recover = on }
        service-unbind { timeout = 10s, recover = on }
        service-stop { timeout = 10s, recover = off }
      }
    }
    """)
{
    private static readonly CoordinatedShutdown.Reason First = CoordinatedShutdown.ClusterLeavingReason.Instance;
    private readonly List<string> _reports = [];

    private new CoordinatedShutdown Shutdown => CoordinatedShutdown.Get(Sys);

    [Fact]
    public async Task Phases_run_in_order()
    {
        foreach (var phase in (string[])[CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeServiceUnbind,
            CoordinatedShutdown.PhaseClusterLeave, CoordinatedShutdown.PhaseServiceUnbind])
        {
            Report(phase, phase);
        }

        await Run();

        Assert.Equal(
            [CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind,
                CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseClusterLeave],
            Reported(4));
    }

    [Fact]
    public async Task The_tasks_of_one_phase_run_at_the_same_time()
    {
        var first = new TaskCompletionSource<Done>();
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "waits for the other", () => first.Task);
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "the other", () =>
        {
            first.SetResult(Done.Instance);
            return Task.FromResult(Done.Instance);
        });

        await Run();
    }

    [Fact]
    public async Task The_next_phase_waits_for_the_one_before()
    {
        var gate = new TaskCompletionSource<Done>();
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "slow", () => gate.Task);
        Report(CoordinatedShutdown.PhaseServiceStop, "next");
        var running = Run();
        ExpectNoMsg(Silence);

        gate.SetResult(Done.Instance);

        await running;
        Assert.Equal(["next"], Reported(1));
    }

    [Fact]
    public async Task It_runs_once_and_the_first_reason_stays()
    {
        Report(CoordinatedShutdown.PhaseServiceUnbind, "once");

        var first = Shutdown.Run(First);
        var second = Shutdown.Run(CoordinatedShutdown.ClusterDowningReason.Instance);
        await Task.WhenAll(first, second).WaitAsync(Soon);

        Assert.Equal(["once"], Reported(1));
        Assert.Same(First, Shutdown.ShutdownReason);
    }

    [Fact]
    public async Task It_ends_the_actor_system()
    {
        await Run();

        await Sys.WhenTerminated.WaitAsync(Soon);
    }

    [Fact]
    public async Task Terminating_a_system_runs_its_coordinated_shutdown()
    {
        var system = ActorSystem.Create("ending");
        var ran = false;
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });

        await system.Terminate().WaitAsync(Soon);

        Assert.True(ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, CoordinatedShutdown.Get(system).ShutdownReason);
    }

    [Fact]
    public async Task A_run_can_begin_at_a_later_phase()
    {
        Report(CoordinatedShutdown.PhaseServiceUnbind, "skipped");
        Report(CoordinatedShutdown.PhaseClusterLeave, "run");

        await Shutdown.Run(First, CoordinatedShutdown.PhaseServiceStop).WaitAsync(Soon);

        Assert.Equal(["run"], Reported(1));
    }

    [Fact]
    public async Task A_phase_that_takes_too_long_is_left_when_it_may_be()
    {
        Shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "never", () => new TaskCompletionSource<Done>().Task);
        Report(CoordinatedShutdown.PhaseServiceUnbind, "next");

        await Run();

        Assert.Equal(["next"], Reported(1));
    }

    [Fact]
    public async Task A_task_that_fails_does_not_stop_the_run_when_its_phase_recovers()
    {
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "broken", () =>
            Task.FromException<Done>(new InvalidOperationException("on purpose")));
        Report(CoordinatedShutdown.PhaseServiceStop, "next");

        await Run();

        Assert.Equal(["next"], Reported(1));
    }

    [Fact]
    public async Task A_task_that_fails_ends_the_run_when_its_phase_does_not_recover()
    {
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "broken", () =>
            Task.FromException<Done>(new InvalidOperationException("on purpose")));
        Report(CoordinatedShutdown.PhaseClusterLeave, "next");

        var thrown = await Record.ExceptionAsync(Run);

        Assert.Contains("on purpose", thrown?.GetBaseException().Message);
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_task_for_a_phase_that_is_not_configured_is_refused() =>
        Assert.Throws<Akka.Configuration.ConfigurationException>(() => Shutdown.AddTask("no-such-phase", "task", () => Task.FromResult(Done.Instance)));

    [Fact]
    public void The_timeout_of_a_phase_is_known() =>
        Assert.Equal(TimeSpan.FromMilliseconds(200), Shutdown.Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind));

    private void Report(string phase, string text)
    {
        Shutdown.AddTask(phase, $"report {text}", () =>
        {
            lock (_reports)
            {
                _reports.Add(text);
            }
            return Task.FromResult(Done.Instance);
        });
    }

    private Task Run() => Shutdown.Run(First).WaitAsync(Soon);

    private List<string> Reported(int count)
    {
        lock (_reports)
        {
            Assert.Equal(count, _reports.Count);
            return [.. _reports];
        }
    }
}
