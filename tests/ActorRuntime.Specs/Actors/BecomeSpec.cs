using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class BecomeSpec : Spec
{
    [Fact]
    public void Become_replaces_the_behaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody(TestActor)));

        Tell(actor, "x", "become", "x");

        Expect("calm: x", "angry: x");
    }

    [Fact]
    public void Unbecome_returns_to_the_behaviour_below_on_the_stack()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody(TestActor)));

        Tell(actor, "stack", "x", "unbecome", "x");

        Expect("angry: x", "calm: x");
    }

    [Fact]
    public void Unbecome_of_the_last_behaviour_leaves_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody(TestActor)));

        Tell(actor, "unbecome", "x");

        Expect("calm: x");
    }

    [Fact]
    public void A_restart_returns_to_the_first_behaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody(TestActor)));

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => Tell(actor, "become", "fail"));
        Tell(actor, "x");

        Expect("calm: x");
    }

    [Fact]
    public void What_a_behaviour_does_not_handle_is_published_as_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new Moody(TestActor)));

        actor.Tell(42);

        var unhandled = ExpectMsg<Akka.Event.UnhandledMessage>(Soon);
        Assert.Equal(42, unhandled.Message);
        Assert.Equal(TestActor, unhandled.Sender);
        Assert.Equal(actor, unhandled.Recipient);
    }

    [Fact]
    public void Handlers_are_asked_in_the_order_they_were_given()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Picky(TestActor)));

        actor.Tell("short");
        actor.Tell("rather long");
        actor.Tell(1);

        Expect("a short string", "a string", "something");
    }

    [Fact]
    public void A_handler_added_behind_ReceiveAny_is_refused()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            Watch(Sys.ActorOf(Props.Create(() => new Greedy())));
            ExpectMsg<Terminated>(Soon);
        });
    }

    private static void Tell(IActorRef actor, params string[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }
    }

    private void Expect(params string[] messages) => Assert.Equal(messages, ReceiveN(messages.Length, Soon).Cast<string>());

    private sealed class Moody : ReceiveActor
    {
        private readonly IActorRef _report;

        public Moody(IActorRef report)
        {
            _report = report;
            Calm();
        }

        private void Calm() => Mood("calm");

        private void Angry() => Mood("angry");

        private void Mood(string mood)
        {
            Receive<string>(m => m == "become", _ => Become(Angry));
            Receive<string>(m => m == "stack", _ => BecomeStacked(Angry));
            Receive<string>(m => m == "unbecome", _ => UnbecomeStacked());
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
            Receive<string>(m => _report.Tell($"{mood}: {m}"));
        }
    }

    private sealed class Picky : ReceiveActor
    {
        public Picky(IActorRef report)
        {
            Receive<string>(m => m.Length < 6, _ => report.Tell("a short string"));
            Receive<string>(_ => report.Tell("a string"));
            ReceiveAny(_ => report.Tell("something"));
        }
    }

    private sealed class Greedy : ReceiveActor
    {
        public Greedy()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }
}
