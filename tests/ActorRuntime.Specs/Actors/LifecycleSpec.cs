using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class LifecycleSpec : Spec
{
    [Fact]
    public void PreStart_runs_before_the_first_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Recorder("a", TestActor, 0)));

        actor.Tell("hello");

        ExpectMsg("a constructed", Soon);
        ExpectMsg("a PreStart", Soon);
        ExpectMsg("a got hello", Soon);
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        var actor = StartedWithChildren(2);

        Sys.Stop(actor);

        ExpectMsgAllOf(Soon, "a/0 PostStop", "a/1 PostStop");
        ExpectMsg("a PostStop", Soon);
    }

    [Fact]
    public void A_restart_calls_PreRestart_then_stops_the_children_then_constructs_anew_then_PostRestart_and_PreStart()
    {
        var actor = StartedWithChildren(1);

        actor.Tell(new InvalidOperationException("on purpose"));

        ExpectMsg("a PreRestart on purpose, message InvalidOperationException", Soon);
        ExpectMsg("a PostStop", Soon);
        ExpectMsg("a/0 PostStop", Soon);
        ExpectMsg("a constructed", Soon);
        ExpectMsg("a PostRestart on purpose", Soon);
        ExpectMsg("a PreStart", Soon);
        ExpectMsg("a/0 constructed", Soon);
        ExpectMsg("a/0 PreStart", Soon);
    }

    [Fact]
    public void The_message_that_failed_is_gone_after_a_restart_and_those_behind_it_are_not()
    {
        var actor = StartedWithChildren(0);

        actor.Tell(new InvalidOperationException("on purpose"));
        actor.Tell("behind");

        Assert.Equal("a got behind", FishForMessage<string>(m => m.StartsWith("a got", StringComparison.Ordinal), Soon));
    }

    [Fact]
    public void A_reference_stays_valid_across_a_restart()
    {
        var actor = StartedWithChildren(0);
        actor.Tell(new InvalidOperationException("on purpose"));

        actor.Tell("who?");

        FishForMessage<string>(m => m == "a got who?", Soon);
        Assert.Equal(actor, LastSender);
    }

    [Fact]
    public void Stop_lets_the_current_message_end_and_drops_those_behind_it()
    {
        var deadLetters = CreateTestProbe();
        Sys.EventStream.Subscribe(deadLetters.Ref, typeof(Akka.Event.DeadLetter));
        var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new StoppingItself(TestActor, gate)));
        actor.Tell("first");
        actor.Tell("second");

        gate.Set();

        ExpectMsg("left first", Soon);
        ExpectMsg("stopped", Soon);
        deadLetters.FishForMessage<Akka.Event.DeadLetter>(m => "second".Equals(m.Message), Soon);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_poison_pill_takes_its_turn_in_the_mailbox()
    {
        var actor = StartedWithChildren(0);

        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("behind");

        ExpectMsg("a got before", Soon);
        ExpectMsg("a PostStop", Soon);
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_kill_stops_the_actor_through_its_supervisor()
    {
        var actor = StartedWithChildren(0);
        Watch(actor);

        EventFilter.Exception<ActorKilledException>().ExpectOne(() => actor.Tell(Kill.Instance));

        ExpectMsg("a PostStop", Soon);
        ExpectTerminated(actor, Soon);
    }

    [Fact]
    public async Task A_graceful_stop_completes_when_the_actor_has_stopped()
    {
        var actor = StartedWithChildren(0);

        Assert.True(await actor.GracefulStop(Soon));

        ExpectMsg("a PostStop", Soon);
    }

    [Fact]
    public void An_actor_whose_constructor_throws_is_stopped()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            var actor = Sys.ActorOf(Props.Create(() => new Broken()));
            Watch(actor);
            ExpectTerminated(actor, Soon);
        });
    }

    [Fact]
    public void Two_living_siblings_cannot_have_one_name()
    {
        Sys.ActorOf(Props.Create(() => new Recorder("a", TestActor, 0)), "taken");

        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Recorder("b", TestActor, 0)), "taken"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$hidden")]
    [InlineData("with space")]
    [InlineData("a/b")]
    public void A_name_that_is_no_path_element_is_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Recorder("a", TestActor, 0)), name));

    [Fact]
    public void The_name_of_an_actor_that_has_stopped_is_free_and_the_new_actor_is_another_one()
    {
        var first = Sys.ActorOf(Props.Create(() => new Recorder("a", TestActor, 0)), "reused");
        StopAndAwait(first);

        var second = Sys.ActorOf(Props.Create(() => new Recorder("a", TestActor, 0)), "reused");

        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
    }

    [Fact]
    public void A_reference_to_a_stopped_actor_does_not_reach_its_successor_of_the_same_name()
    {
        var first = Sys.ActorOf(Props.Create(() => new Recorder("first", TestActor, 0)), "reused");
        StopAndAwait(first);
        var second = Sys.ActorOf(Props.Create(() => new Recorder("second", TestActor, 0)), "reused");
        FishForMessage<string>(m => m == "second PreStart", Soon);

        first.Tell("old");
        second.Tell("new");

        ExpectMsg("second got new", Soon);
        ExpectNoMsg(Silence);
    }

    private IActorRef StartedWithChildren(int children)
    {
        var actor = Sys.ActorOf(Props.Create(() => new Recorder("a", TestActor, children)));
        ReceiveN(2 + (2 * children), Soon);
        return actor;
    }

    /// <summary>Reports each step of its life; an exception as a message is thrown.</summary>
    private sealed class Recorder : ReceiveActor
    {
        private readonly string _name;
        private readonly IActorRef _report;
        private readonly int _children;

        public Recorder(string name, IActorRef report, int children)
        {
            _name = name;
            _report = report;
            _children = children;
            Report("constructed");
            Receive<Exception>(e => throw e);
            ReceiveAny(m => Report($"got {m}"));
        }

        protected override void PreStart()
        {
            Report("PreStart");
            for (var i = 0; i < _children; i++)
            {
                var name = $"{_name}/{i}";
                Context.ActorOf(Props.Create(() => new Recorder(name, _report, 0)));
            }
        }

        protected override void PostStop() => Report("PostStop");

        protected override void PreRestart(Exception reason, object message)
        {
            Report($"PreRestart {reason.Message}, message {message.GetType().Name}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            Report($"PostRestart {reason.Message}");
            base.PostRestart(reason);
        }

        private void Report(string what) => _report.Tell($"{_name} {what}");
    }

    private sealed class StoppingItself : ReceiveActor
    {
        private readonly IActorRef _report;

        public StoppingItself(IActorRef report, ManualResetEventSlim gate)
        {
            _report = report;
            ReceiveAny(m =>
            {
                gate.Wait(Soon);
                Context.Stop(Self);
                report.Tell($"left {m}");
            });
        }

        protected override void PostStop() => _report.Tell("stopped");
    }

    private sealed class Broken : ReceiveActor
    {
        public Broken() => throw new InvalidOperationException("on purpose");
    }
}
