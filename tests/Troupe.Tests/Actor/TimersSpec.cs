using Akka.Actor;

namespace Troupe.Tests.Actor;

public class TimersSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_periodic_timer_keeps_its_phase()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartPeriodicTimer("k", "tick", Second)));

        system.Advance(TimeSpan.FromSeconds(3.5));

        Assert.Equal(["tick", "tick", "tick"], system.Notes);
    }

    [Fact]
    public void A_cancelled_timers_queued_message_never_arrives()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t =>
        {
            t.StartSingleTimer("k", "late", Second);
            t.StartSingleTimer("j", (Action<ITimerScheduler>)(u => u.Cancel("k")), Second - TimeSpan.FromTicks(1));
        }));
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartSingleTimer("l", "other", Second * 2)));

        system.Advance(Second * 3);

        Assert.Equal(["other"], system.Notes);
    }

    [Fact]
    public void A_message_that_is_queued_when_its_timer_is_cancelled_never_arrives()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t =>
        {
            t.StartSingleTimer("first", (Action<ITimerScheduler>)(u => u.Cancel("second")), Second);
            t.StartSingleTimer("second", "never", Second);
        }));
        ((IInternalActorRef)actor).Suspend();
        system.Advance(Second * 2); // both fire; neither is handled

        ((IInternalActorRef)actor).Resume();
        system.Run();

        Assert.Empty(system.Notes);
    }

    [Fact]
    public void Starting_a_timer_again_replaces_it()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartSingleTimer("k", "old", Second)));
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartSingleTimer("k", "new", Second * 2)));

        system.Advance(Second * 3);

        Assert.Equal(["new"], system.Notes);
    }

    [Fact]
    public void A_restart_ends_all_timers()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartPeriodicTimer("k", "tick", Second)));

        system.Tell(actor, new InvalidOperationException("boom"));
        system.Advance(Second * 3);

        Assert.Empty(system.Notes);
        Assert.Equal(0, system.Seams.ActiveTimers);
    }

    [Fact]
    public void A_stop_ends_all_timers_and_the_receive_timeout()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartPeriodicTimer("k", "tick", Second)));
        system.Tell(actor, Second);

        system.Tell(actor, PoisonPill.Instance);

        Assert.Equal(0, system.Seams.ActiveTimers);
    }

    [Fact]
    public void A_timer_is_active_until_its_message_is_handled()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, (Action<ITimerScheduler>)(t => t.StartSingleTimer("k", "tick", Second)));
        system.Tell(actor, (Action<ITimerScheduler>)(t => system.Notes.Add($"{t.IsTimerActive("k")}")));
        system.Advance(Second);
        system.Tell(actor, (Action<ITimerScheduler>)(t => system.Notes.Add($"{t.IsTimerActive("k")}")));

        Assert.Equal(["True", "tick", "False"], system.Notes);
    }

    [Fact]
    public void The_receive_timeout_counts_from_the_last_message_that_matters()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, Second);
        system.Advance(Second * 0.8);
        system.Tell(actor, "matters");
        system.Advance(Second * 0.8);
        system.Tell(actor, new Background());
        Assert.Equal(["matters", "Background"], system.Notes);

        system.Advance(Second * 0.3);

        Assert.Equal(["matters", "Background", "ReceiveTimeout"], system.Notes);
    }

    [Fact]
    public void The_receive_timeout_repeats_and_can_be_ended()
    {
        using var system = new ManualSystem();
        var actor = Start(system);
        system.Tell(actor, Second);
        system.Advance(Second * 2.5);
        Assert.Equal(["ReceiveTimeout", "ReceiveTimeout"], system.Notes);

        system.Tell(actor, TimeSpan.Zero);
        system.Advance(Second * 5);

        Assert.Equal(2, system.Notes.Count);
    }

    private static IActorRef Start(ManualSystem system) => system.Start(Props.Create(() => new Timed(system.Notes)));

    private sealed class Background : INotInfluenceReceiveTimeout;

    private sealed class Timed(List<string> notes) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Action<ITimerScheduler> action: action(Timers); break;
                case Exception e: throw e;
                case TimeSpan timeout: Context.SetReceiveTimeout(timeout == TimeSpan.Zero ? null : timeout); break;
                case string text: notes.Add(text); break;
                default: notes.Add(message.GetType().Name); break;
            }
        }
    }
}
