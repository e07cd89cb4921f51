using Akka.Actor;
using Akka.Event;

namespace Troupe.Tests.Actor;

public class AskSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_first_answer_completes_the_question_and_later_ones_are_dead_letters()
    {
        using var system = new ManualSystem();
        var letters = system.Published<DeadLetter>();
        var actor = system.Start((context, message) =>
        {
            context.Sender.Tell(1);
            context.Sender.Tell(2);
        });

        Assert.Equal(1, system.Ask<int>(actor, "how many?"));
        Assert.Equal(2, Assert.Single(letters).Message);
    }

    [Fact]
    public void No_answer_in_time_is_an_AskTimeoutException_and_nothing_is_left_behind()
    {
        using var system = new ManualSystem();
        var answer = system.StartNoting("a").Ask<int>("?", Second);

        system.Advance(Second);

        Assert.IsType<AskTimeoutException>(Assert.Single(answer.Exception!.InnerExceptions));
        Assert.Equal(0, ((VirtualPathContainer)system.System.Provider.TempContainer).Count);
    }

    [Fact]
    public void An_answer_ends_the_timer()
    {
        using var system = new ManualSystem();
        system.Ask<int>(system.Start((context, _) => context.Sender.Tell(1)), "?");

        Assert.Equal(0, system.Seams.ActiveTimers);
    }

    [Fact]
    public void A_failure_status_is_the_questions_failure()
    {
        using var system = new ManualSystem();
        var actor = system.Start((context, _) => context.Sender.Tell(new Status.Failure(new InvalidOperationException("no"))));

        var answer = actor.Ask<string>("?", Second);
        system.Run();

        Assert.Equal("no", answer.Exception!.InnerException!.Message);
    }

    [Fact]
    public void A_failure_status_is_an_answer_to_whoever_asks_for_a_status()
    {
        using var system = new ManualSystem();
        var actor = system.Start((context, _) => context.Sender.Tell(new Status.Failure(new InvalidOperationException("no"))));

        Assert.IsType<Status.Failure>(system.Ask<Status>(actor, "?"));
        var untyped = actor.Ask("?", Second);
        system.Run();
        Assert.IsType<InvalidOperationException>(untyped.Exception!.InnerException);
    }

    [Fact]
    public void An_answer_of_another_type_is_an_error_that_names_both()
    {
        using var system = new ManualSystem();
        var answer = system.Start((context, _) => context.Sender.Tell("text")).Ask<int>("?", Second);
        system.Run();

        Assert.Contains("System.String", answer.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32", answer.Exception.InnerException.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_can_be_cancelled()
    {
        using var system = new ManualSystem();
        using var source = new CancellationTokenSource();
        var answer = system.StartNoting("a").Ask<int>("?", source.Token);
        system.Run();

        source.Cancel();

        Assert.True(answer.IsCanceled);
        Assert.True(system.StartNoting("b").Ask<int>("?", source.Token).IsCanceled);
    }

    [Fact]
    public void A_question_to_a_dead_actor_is_a_dead_letter_and_times_out()
    {
        using var system = new ManualSystem();
        var letters = system.Published<DeadLetter>();
        var actor = system.StartNoting("a");
        system.Tell(actor, PoisonPill.Instance);

        var answer = actor.Ask<int>("?", Second);
        system.Advance(Second);

        Assert.Equal("?", Assert.Single(letters).Message);
        Assert.True(answer.IsFaulted);
    }

    [Fact]
    public void The_sender_of_a_question_can_be_found_by_its_path_while_it_is_open()
    {
        using var system = new ManualSystem();
        IActorRef? sender = null;
        var answer = system.Start((context, _) => sender = context.Sender).Ask<int>("?", Second);
        system.Run();

        var path = sender!.Path.ToSerializationFormat();
        var found = system.System.Provider.ResolveActorRef(path);
        found.Tell(42, ActorRefs.NoSender);

        Assert.Same(sender, found);
        Assert.Equal(42, system.ResultOf(answer));
        Assert.NotSame(sender, system.System.Provider.ResolveActorRef(path));
    }

    [Fact]
    public void Two_questions_are_two_senders_even_after_they_were_answered()
    {
        using var system = new ManualSystem();
        var senders = new List<IActorRef>();
        var actor = system.Start((context, _) =>
        {
            senders.Add(context.Sender);
            context.Sender.Tell(1);
        });

        system.Ask<int>(actor, "?");
        system.Ask<int>(actor, "?");

        Assert.NotEqual(senders[0], senders[1]);
    }

    [Fact]
    public void A_selection_can_be_asked_and_resolved()
    {
        using var system = new ManualSystem();
        var actor = system.Start((context, _) => context.Sender.Tell("here"), "a");

        Assert.Equal("here", system.Ask<string>(system.System.ActorSelection("/user/a"), "?"));
        var one = system.System.ActorSelection("/user/*").ResolveOne(Second);
        system.Run();
        Assert.Equal(actor, system.ResultOf(one));
        var none = system.System.ActorSelection("/user/b").ResolveOne(Second);
        system.Run();
        Assert.IsType<ActorNotFoundException>(none.Exception!.InnerException);
    }
}
