using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Troupe.Tests.Actor;

namespace Troupe.Tests.Event;

public class DeadLetterListenerSpec
{
    [Fact]
    public void Dead_letters_are_logged_up_to_the_limit_and_again_after_the_pause()
    {
        using var system = new ManualSystem("akka { log-dead-letters = 2, log-dead-letters-suspend-duration = 1 minute }");
        for (var i = 0; i < 5; i++) system.Tell(system.System.DeadLetters, "lost");
        Assert.Equal([1, 2], Logged(system));
        Assert.Contains("no more dead letters will be logged in next [00:01:00]", Texts(system)[^1], StringComparison.Ordinal);

        system.Advance(TimeSpan.FromMinutes(2));
        system.Tell(system.System.DeadLetters, "lost");
        system.Tell(system.System.DeadLetters, "lost");

        Assert.Equal([1, 2, 6, 1], Logged(system));
    }

    [Fact]
    public void Suppressed_messages_are_published_apart_and_not_logged()
    {
        using var system = new ManualSystem();
        var suppressed = system.Published<SuppressedDeadLetter>();
        var letters = system.Published<DeadLetter>();

        system.Tell(system.System.DeadLetters, new Unimportant());

        Assert.Single(suppressed);
        Assert.Empty(letters);
        Assert.Empty(Texts(system));
    }

    [Fact]
    public void Off_means_that_none_is_logged()
    {
        using var system = new ManualSystem("akka.log-dead-letters = off");

        system.Tell(system.System.DeadLetters, "lost");

        Assert.Empty(Texts(system));
    }

    [Fact]
    public void The_entry_says_what_was_lost_from_whom_to_whom()
    {
        using var system = new ManualSystem();
        var (sender, gone) = (system.StartNoting("sender"), system.StartNoting("gone"));
        system.Tell(gone, PoisonPill.Instance);

        system.Tell(gone, "lost", sender);

        Assert.StartsWith($"Message [String] from {sender} to {gone} was not delivered. [1] dead letters encountered",
            Assert.Single(Texts(system)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unhandled_message_is_published_and_logged_where_the_settings_say_so()
    {
        using var system = new ManualSystem("akka.actor.debug.unhandled = on");
        var unhandled = system.Published<UnhandledMessage>();
        var actor = system.Start(Props.Create<Deaf>(), "a");

        system.Tell(actor, "what?");

        Assert.Equal(actor, Assert.Single(unhandled).Recipient);
        Assert.Contains(system.Logged(), e => e.Message.ToString()!.StartsWith("Unhandled message", StringComparison.Ordinal));
    }

    private static List<string> Texts(ManualSystem system) =>
        [.. system.Logged().OfType<Info>().Select(e => e.Message.ToString()!)
            .Where(t => t.Contains("dead letters encountered", StringComparison.Ordinal))];

    private static List<int> Logged(ManualSystem system) =>
        [.. Texts(system).Select(t =>
            int.Parse(Regex.Match(t, @"\[(\d+)\] dead letters").Groups[1].Value, CultureInfo.InvariantCulture))];

    private sealed class Deaf : ReceiveActor;

    private sealed class Unimportant : IDeadLetterSuppression;
}
