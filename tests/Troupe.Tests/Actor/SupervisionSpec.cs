using Akka.Actor;
using Akka.Event;

namespace Troupe.Tests.Actor;

public class SupervisionSpec
{
    private static readonly InvalidOperationException Boom = new("boom");
    private static readonly SupervisorStrategy AlwaysRestart = new OneForOneStrategy(_ => Directive.Restart);

    [Fact]
    public void A_restart_calls_PreRestart_and_PostStop_on_the_old_instance_and_PostRestart_on_the_new_one()
    {
        using var system = new ManualSystem();
        var actor = StartParent(system, out _);
        system.Notes.Clear();

        system.Tell(actor, Boom);
        system.Tell(actor, 1);

        Assert.Equal(
            ["a PreRestart(boom, InvalidOperationException)", "a PostStop", "a constructor", "a PostRestart(boom)", "a PreStart",
                "a got 1"],
            system.Notes);
    }

    [Fact]
    public void A_restart_waits_until_the_children_that_it_stops_are_gone()
    {
        using var system = new ManualSystem();
        var actor = StartParent(system, out var options);
        system.Ask<IActorRef>(actor, new LifecycleActor.StartChild("b", options));
        system.Ask<IActorRef>(actor, new LifecycleActor.StartChild("c", options));
        system.Notes.Clear();

        system.Tell(actor, Boom);

        Assert.Equal(
            ["a PreRestart(boom, InvalidOperationException)", "a PostStop", "b PostStop", "c PostStop", "a constructor",
                "a PostRestart(boom)", "a PreStart"],
            system.Notes);
    }

    [Fact]
    public void Children_that_survive_a_restart_are_restarted()
    {
        using var system = new ManualSystem();
        var options = new LifecycleActor.Options(system.Notes) { KeepChildren = true };
        var actor = system.Start(Props.Create(() => new LifecycleActor("a", options)));
        var child = system.Ask<IActorRef>(actor, new LifecycleActor.StartChild("b", options));
        system.Notes.Clear();

        system.Tell(actor, Boom);
        system.Tell(child, 1);

        Assert.Equal(
            ["a PreRestart(boom, InvalidOperationException)", "a PostStop", "a constructor", "a PostRestart(boom)", "a PreStart",
                "b PreRestart(boom, null)", "b PostStop", "b constructor", "b PostRestart(boom)", "b PreStart", "b got 1"],
            system.Notes);
    }

    [Fact]
    public void Messages_behind_the_failing_one_wait_for_the_restart()
    {
        using var system = new ManualSystem();
        var actor = StartParent(system, out _);
        system.Notes.Clear();

        actor.Tell(Boom, ActorRefs.NoSender);
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        system.Run();

        Assert.Equal(["a PreStart", "a got 1", "a got 2"], system.Notes[^3..]);
    }

    [Fact]
    public void A_constructor_that_throws_stops_the_actor_by_default()
    {
        using var system = new ManualSystem();
        var watched = system.Published<Error>();
        var options = new LifecycleActor.Options(system.Notes) { ConstructorFailures = 1 };

        var actor = system.Start(Props.Create(() => new LifecycleActor("a", options)), "a");

        Assert.True(((IInternalActorRef)actor).IsTerminated);
        Assert.Equal(["a constructor"], system.Notes);
        Assert.IsType<ActorInitializationException>(Assert.Single(watched).Cause);
        Assert.NotEqual(actor, system.StartNoting("a"));
    }

    [Fact]
    public void A_failed_start_that_is_to_be_restarted_starts_anew()
    {
        using var system = new ManualSystem();
        var strict = new LifecycleActor.Options(system.Notes) { Strategy = AlwaysRestart };
        var parent = system.Start(Props.Create(() => new LifecycleActor("a", strict)));
        var options = new LifecycleActor.Options(system.Notes) { ConstructorFailures = 1, PreStartFailures = 1 };
        system.Notes.Clear();

        var child = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("b", options));
        system.Tell(child, 1);

        Assert.Equal(["b constructor", "b constructor", "b PreStart", "b constructor", "b PreStart", "b got 1"], system.Notes);
    }

    [Fact]
    public void A_restart_that_fails_in_PostRestart_can_be_restarted()
    {
        using var system = new ManualSystem();
        var strict = new LifecycleActor.Options(system.Notes) { Strategy = AlwaysRestart };
        var parent = system.Start(Props.Create(() => new LifecycleActor("a", strict)));
        var options = new LifecycleActor.Options(system.Notes) { PostRestartFailures = 1 };
        var child = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("b", options));
        system.Notes.Clear();

        system.Tell(child, Boom);
        system.Tell(child, 1);

        Assert.Equal("b got 1", system.Notes[^1]);
        Assert.Equal(2, system.Notes.Count(n => n.StartsWith("b PostRestart", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_exception_in_PreRestart_is_logged_and_the_restart_goes_on()
    {
        using var system = new ManualSystem();
        var errors = system.Published<Error>();
        var options = new LifecycleActor.Options(system.Notes) { FailInPreRestart = true };
        var actor = system.Start(Props.Create(() => new LifecycleActor("a", options)));

        system.Tell(actor, Boom);
        system.Tell(actor, 1);

        Assert.Contains(errors, e => e.Cause is PreRestartException);
        Assert.Equal("a got 1", system.Notes[^1]);
    }

    [Fact]
    public void An_exception_in_PostStop_is_logged_and_the_actor_is_gone()
    {
        using var system = new ManualSystem();
        var errors = system.Published<Error>();
        var options = new LifecycleActor.Options(system.Notes) { FailInPostStop = true };
        var actor = system.Start(Props.Create(() => new LifecycleActor("a", options)), "a");

        system.Tell(actor, "stop");

        Assert.Equal("PostStop", Assert.Single(errors).Cause.Message);
        Assert.True(((IInternalActorRef)actor).IsTerminated);
    }

    [Theory]
    [InlineData(2, 1000, 999, false)]
    [InlineData(2, 1000, 1001, true)]
    [InlineData(0, 1000, 5000, false)]
    public void A_child_is_stopped_when_it_failed_too_often_within_the_window(int retries, int window, int gap, bool survives)
    {
        using var system = new ManualSystem();
        var strategy = new OneForOneStrategy(retries, window, _ => Directive.Restart);
        var parent = system.Start(
            Props.Create(() => new LifecycleActor("a", new LifecycleActor.Options(system.Notes) { Strategy = strategy })));
        var child = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("b", new LifecycleActor.Options(system.Notes)));

        system.Tell(child, Boom);
        system.Tell(child, Boom);
        system.Advance(TimeSpan.FromMilliseconds(gap));
        system.Tell(child, Boom);

        Assert.Equal(survives, !((IInternalActorRef)child).IsTerminated);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        using var system = new ManualSystem();
        var strategy = new AllForOneStrategy(_ => Directive.Restart);
        var parent = system.Start(
            Props.Create(() => new LifecycleActor("a", new LifecycleActor.Options(system.Notes) { Strategy = strategy })));
        var options = new LifecycleActor.Options(system.Notes);
        var b = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("b", options));
        var c = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("c", options));
        system.Notes.Clear();

        system.Tell(c, Boom);
        system.Tell(b, 1);
        system.Tell(c, 2);

        Assert.Contains("b PreRestart(boom, null)", system.Notes);
        Assert.Contains("c PreRestart(boom, InvalidOperationException)", system.Notes);
        Assert.Equal(["b got 1", "c got 2"], system.Notes[^2..]);
    }

    [Fact]
    public void An_escalated_failure_is_the_failure_of_the_parent()
    {
        using var system = new ManualSystem();
        var strategy = new OneForOneStrategy(_ => Directive.Escalate);
        var parent = system.Start(
            Props.Create(() => new LifecycleActor("a", new LifecycleActor.Options(system.Notes) { Strategy = strategy })));
        var child = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("b", new LifecycleActor.Options(system.Notes)));
        system.Notes.Clear();

        system.Tell(child, Boom);

        Assert.Equal(
            ["a PreRestart(boom, Failed)", "a PostStop", "b PostStop", "a constructor", "a PostRestart(boom)", "a PreStart"],
                system.Notes);
    }

    [Fact]
    public void A_resumed_child_keeps_its_state_and_goes_on_with_the_next_message()
    {
        using var system = new ManualSystem();
        var strategy = new OneForOneStrategy(_ => Directive.Resume);
        var parent = system.Start(
            Props.Create(() => new LifecycleActor("a", new LifecycleActor.Options(system.Notes) { Strategy = strategy })));
        var child = system.Ask<IActorRef>(parent, new LifecycleActor.StartChild("b", new LifecycleActor.Options(system.Notes)));
        system.Notes.Clear();

        system.Tell(child, Boom);
        system.Tell(child, 1);

        Assert.Equal(["b got 1"], system.Notes);
    }

    [Fact]
    public void A_stop_during_a_restart_that_waits_for_children_wins()
    {
        using var system = new ManualSystem();
        var actor = StartParent(system, out var options);
        system.Ask<IActorRef>(actor, new LifecycleActor.StartChild("b", options));
        system.Notes.Clear();

        actor.Tell(Boom, ActorRefs.NoSender);
        while (!system.Notes.Contains("a PostStop")) Assert.True(system.Seams.RunOne());
        ((IInternalActorRef)actor).Stop();
        system.Run();

        Assert.True(((IInternalActorRef)actor).IsTerminated);
        Assert.DoesNotContain("a PreStart", system.Notes);
    }

    [Fact]
    public void A_failing_guardian_strategy_from_settings_stops_top_level_actors()
    {
        using var system = new ManualSystem(
            "akka.actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\"");
        var actor = StartParent(system, out _);

        system.Tell(actor, Boom);

        Assert.True(((IInternalActorRef)actor).IsTerminated);
    }

    private static IActorRef StartParent(ManualSystem system, out LifecycleActor.Options options)
    {
        var made = options = new LifecycleActor.Options(system.Notes);
        return system.Start(Props.Create(() => new LifecycleActor("a", made)), "a");
    }
}
