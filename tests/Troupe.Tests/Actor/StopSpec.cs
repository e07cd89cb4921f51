using Akka.Actor;
using Akka.Event;

namespace Troupe.Tests.Actor;

public class StopSpec
{
    [Fact]
    public void Children_stop_before_their_parent_in_the_order_of_their_start()
    {
        using var system = new ManualSystem();
        var options = new LifecycleActor.Options(system.Notes);
        var parent = system.Start(Props.Create(() => new LifecycleActor("p", options)));
        for (var i = 0; i < 12; i++) system.Ask<IActorRef>(parent, new LifecycleActor.StartChild($"c{i}", options));
        system.Notes.Clear();

        system.Tell(parent, "stop");

        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => $"c{i} PostStop"), "p PostStop"], system.Notes);
    }

    [Fact]
    public void What_is_queued_behind_a_poison_pill_becomes_dead_letters()
    {
        using var system = new ManualSystem();
        var letters = system.Published<DeadLetter>();
        var actor = system.StartNoting("a");

        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        system.Run();
        system.Tell(actor, 3);

        Assert.Equal(["a got 1"], system.Notes);
        Assert.Equal([2, 3], letters.Select(l => (int)l.Message));
        Assert.All(letters, l => Assert.Equal(actor, l.Recipient));
    }

    [Fact]
    public void A_kill_is_a_failure_that_stops_by_default()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("a");

        system.Tell(actor, Kill.Instance);

        Assert.True(((IInternalActorRef)actor).IsTerminated);
        Assert.IsType<ActorKilledException>(Assert.Single(system.Logged().OfType<Error>()).Cause);
    }

    [Fact]
    public void A_name_is_taken_until_its_actor_has_stopped()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("x");
        var parent = system.Start((context, message) =>
        {
            try
            {
                context.ActorOf(Props.Empty, "child");
                system.Notes.Add("started");
                if (message is "stop it") context.Stop(context.Child("child"));
                if (message is "stop it") context.ActorOf(Props.Empty, "child");
            }
            catch (InvalidActorNameException)
            {
                system.Notes.Add("taken");
            }
        });

        system.Tell(parent, "stop it");
        system.Tell(parent, "again");

        Assert.Equal(["started", "taken", "started"], system.Notes);
        Assert.False(((IInternalActorRef)actor).IsTerminated);
    }

    [Fact]
    public void An_actor_that_stops_before_it_ran_is_created_and_stopped()
    {
        using var system = new ManualSystem();
        var actor = system.System.ActorOf(Props.Create(() => new LifecycleActor("a", new LifecycleActor.Options(system.Notes))));

        ((IInternalActorRef)actor).Stop();
        system.Run();

        Assert.Equal(["a constructor", "a PreStart", "a PostStop"], system.Notes);
    }

    [Fact]
    public void A_child_cannot_be_started_while_its_parent_stops()
    {
        using var system = new ManualSystem();
        var parent = system.Start(Props.Create(() => new StartsInPostStop(system.Notes)));

        system.Tell(parent, PoisonPill.Instance);

        Assert.Equal("InvalidOperationException", Assert.Single(system.Notes));
    }

    [Fact]
    public void A_reference_to_a_stopped_actor_keeps_neither_its_instance_nor_its_last_message()
    {
        using var system = new ManualSystem();
        var parent = (LocalActorRef)system.Start((context, message) =>
        {
            if (message is "start") context.ActorOf(Props.Empty);
            else context.Stop(context.Self);
        });
        system.Tell(parent, "start");

        system.Tell(parent, new object());

        Assert.Null(parent.Cell.Actor);
        Assert.Null(parent.Cell.CurrentMessage);
        Assert.Empty(parent.Cell.Props.Arguments);
    }

    [Fact]
    public void A_constructor_that_calls_new_on_an_actor_is_refused()
    {
        using var system = new ManualSystem();
        system.Tell(system.Start((_, _) =>
        {
            var refused = Assert.Throws<ActorInitializationException>(() =>
                new LifecycleActor("b", new LifecycleActor.Options([])));
            system.Notes.Add(refused.Message);
        }), 1);

        Assert.Contains("ActorOf(Props)", Assert.Single(system.Notes), StringComparison.Ordinal);
        Assert.Throws<ActorInitializationException>(() => new LifecycleActor("b", new LifecycleActor.Options([])));
    }

    [Fact]
    public void GracefulStop_says_whether_the_actor_has_stopped_in_time()
    {
        using var system = new ManualSystem();
        var actor = system.StartNoting("a");
        var gone = actor.GracefulStop(TimeSpan.FromSeconds(1));
        system.Run();
        Assert.True(system.ResultOf(gone));

        var stubborn = system.StartNoting("b").GracefulStop(TimeSpan.FromSeconds(1), "please");
        system.Advance(TimeSpan.FromSeconds(2));
        Assert.False(system.ResultOf(stubborn));
    }

    [Fact]
    public void A_terminated_system_has_stopped_all_actors_run_the_callbacks_last_first_and_released_its_seams()
    {
        var system = new ManualSystem();
        var options = new LifecycleActor.Options(system.Notes);
        system.Start(Props.Create(() => new LifecycleActor("a", options)));
        system.System.RegisterOnTermination(() => system.Notes.Add("first"));
        system.System.RegisterOnTermination(() => system.Notes.Add("second"));
        system.Notes.Clear();

        system.Dispose();

        Assert.Equal(["a PostStop", "second", "first"], system.Notes);
        Assert.True(system.Seams.IsShutDown);
        Assert.Throws<InvalidOperationException>(() => system.System.RegisterOnTermination(() => { }));
        Assert.Throws<InvalidOperationException>(() => system.System.ActorOf(Props.Empty));
    }

    [Fact]
    public void An_escalated_failure_of_user_ends_the_system()
    {
        var system = new ManualSystem(
            "akka.actor.guardian-supervisor-strategy = \"Troupe.Tests.Actor.StopSpec+Escalating, Troupe.Tests\"");

        system.Tell(system.Start((_, _) => throw new InvalidOperationException("boom")), 1);

        Assert.True(system.System.WhenTerminated.IsCompletedSuccessfully);
    }

    public class Escalating : SupervisorStrategyConfigurator
    {
        public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
    }

    private sealed class StartsInPostStop(List<string> notes) : ReceiveActor
    {
        protected override void PostStop()
        {
            try
            {
                Context.ActorOf(Props.Empty);
            }
            catch (InvalidOperationException e)
            {
                notes.Add(e.GetType().Name);
            }
        }
    }
}
