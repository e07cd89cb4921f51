using Akka.Actor;
using Akka.Event;

namespace Troupe.Tests.Actor;

public class StashSpec
{
    [Fact]
    public void Unstashed_messages_come_in_their_order_before_those_that_are_queued()
    {
        using var system = new ManualSystem();
        var actor = system.Start(Props.Create(() => new Stashing(system.Notes)));

        foreach (var message in new object[] { 1, 2, "open", 3 }) actor.Tell(message, ActorRefs.NoSender);
        system.Run();

        Assert.Equal(["1", "2", "3"], system.Notes);
    }

    [Fact]
    public void A_message_cannot_be_stashed_twice()
    {
        using var system = new ManualSystem(
            "akka.actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\"");
        var actor = system.Start(Props.Create(() => new Stashing(system.Notes)));

        system.Tell(actor, "twice");

        Assert.IsType<IllegalActorStateException>(Assert.Single(system.Logged().OfType<Error>()).Cause);
    }

    [Fact]
    public void A_bounded_stash_overflows_with_an_error_that_names_the_setting()
    {
        using var system = new ManualSystem();
        var actor = system.Start(Props.Create(() => new Stashing(system.Notes)).WithStashCapacity(1));

        system.Tell(actor, 1);
        system.Tell(actor, 2);

        var overflow = Assert.IsType<StashOverflowException>(Assert.Single(system.Logged().OfType<Error>()).Cause);
        Assert.Contains("stash-capacity", overflow.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bound_can_come_from_the_settings()
    {
        using var system = new ManualSystem("akka.actor.default-mailbox.stash-capacity = 1");
        var actor = system.Start(Props.Create(() => new Stashing(system.Notes)));

        system.Tell(actor, 1);
        system.Tell(actor, 2);

        Assert.IsType<StashOverflowException>(Assert.Single(system.Logged().OfType<Error>()).Cause);
    }

    [Fact]
    public void A_restart_puts_the_stash_back_into_the_mailbox()
    {
        using var system = new ManualSystem();
        var actor = system.Start(Props.Create(() => new Stashing(system.Notes)));

        foreach (var message in new object[] { 1, 2, "fail", "open", 3 }) actor.Tell(message, ActorRefs.NoSender);
        system.Run();

        Assert.Equal(["1", "2", "3"], system.Notes);
    }

    [Fact]
    public void A_stop_makes_dead_letters_of_the_stash()
    {
        using var system = new ManualSystem();
        var letters = system.Published<DeadLetter>();
        var actor = system.Start(Props.Create(() => new Stashing(system.Notes)));
        system.Tell(actor, 1);

        system.Tell(actor, PoisonPill.Instance);

        Assert.Equal(1, Assert.Single(letters).Message);
    }

    private sealed class Stashing(List<string> notes) : UntypedActorWithStash
    {
        private bool _open;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "twice":
                    Stash.Stash();
                    Stash.Stash();
                    break;
                case "fail":
                    throw new InvalidOperationException("boom");
                default:
                    if (_open) notes.Add(message.ToString()!);
                    else Stash.Stash();
                    break;
            }
        }
    }
}
