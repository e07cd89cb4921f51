using Akka.Actor;

namespace ActorRuntime.Specs.Supervision;

public sealed class SupervisionSpec : Spec
{
    private static readonly Func<Exception, Directive> ByMessage = e => e.Message switch
    {
        "resume" => Directive.Resume,
        "restart" => Directive.Restart,
        "stop" => Directive.Stop,
        _ => Directive.Escalate,
    };

    [Fact]
    public void A_child_that_is_resumed_keeps_its_state()
    {
        var (_, child, _) = Family(new OneForOneStrategy(ByMessage));
        child.Tell("+1");

        child.Tell(new InvalidOperationException("resume"));

        child.Tell("count?");
        ExpectMsg(1, Soon);
    }

    [Fact]
    public void A_child_that_is_restarted_begins_anew()
    {
        var (_, child, _) = Family(new OneForOneStrategy(ByMessage));
        child.Tell("+1");

        child.Tell(new InvalidOperationException("restart"));

        child.Tell("count?");
        ExpectMsg("restarting a", Soon);
        ExpectMsg(0, Soon);
    }

    [Fact]
    public void A_child_that_is_stopped_is_gone()
    {
        var (_, child, _) = Family(new OneForOneStrategy(ByMessage));
        Watch(child);

        child.Tell(new InvalidOperationException("stop"));

        ExpectTerminated(child, Soon);
    }

    [Fact]
    public void A_failure_that_is_escalated_is_the_parents_own()
    {
        var (parent, child, _) = Family(new OneForOneStrategy(ByMessage));
        Watch(child);

        child.Tell(new InvalidOperationException("escalate"));

        ExpectMsgAllOf<object>(Soon, "parent restarting: escalate", Terminated(child));
        AwaitHandled(parent);
    }

    [Fact]
    public void One_for_one_leaves_the_siblings_alone()
    {
        var (_, a, b) = Family(new OneForOneStrategy(ByMessage));
        a.Tell("+1");
        b.Tell("+1");

        a.Tell(new InvalidOperationException("restart"));

        ExpectMsg("restarting a", Soon);
        b.Tell("count?");
        ExpectMsg(1, Soon);
    }

    [Fact]
    public void All_for_one_restarts_the_siblings_too()
    {
        var (_, a, b) = Family(new AllForOneStrategy(ByMessage));
        b.Tell("+1");
        AwaitHandled(b);

        a.Tell(new InvalidOperationException("restart"));

        ExpectMsgAllOf(Soon, "restarting a", "restarting b");
        b.Tell("count?");
        ExpectMsg(0, Soon);
    }

    [Fact]
    public void All_for_one_stops_the_siblings_too()
    {
        var (_, a, b) = Family(new AllForOneStrategy(ByMessage));
        Watch(a);
        Watch(b);

        a.Tell(new InvalidOperationException("stop"));

        ExpectMsgAllOf(Soon, Terminated(a), Terminated(b));
    }

    [Fact]
    public void A_child_that_fails_more_often_than_allowed_is_stopped()
    {
        var (_, child, _) = Family(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), ByMessage));
        Watch(child);

        for (var i = 0; i < 3; i++)
        {
            child.Tell(new InvalidOperationException("restart"));
        }

        ExpectMsg("restarting a", Soon);
        ExpectMsg("restarting a", Soon);
        ExpectTerminated(child, Soon);
    }

    [Fact]
    public void With_no_retries_allowed_the_first_failure_stops_the_child()
    {
        var (_, child, _) = Family(new OneForOneStrategy(0, Timeout.InfiniteTimeSpan, ByMessage));
        Watch(child);

        child.Tell(new InvalidOperationException("restart"));

        ExpectTerminated(child, Soon);
    }

    [Fact]
    public void Without_a_limit_a_child_is_restarted_as_often_as_it_fails()
    {
        var (_, child, _) = Family(new OneForOneStrategy(ByMessage));

        for (var i = 0; i < 50; i++)
        {
            child.Tell(new InvalidOperationException("restart"));
            ExpectMsg("restarting a", Soon);
        }

        child.Tell("count?");
        ExpectMsg(0, Soon);
    }

    [Fact]
    public void Messages_to_a_failed_child_wait_until_its_supervisor_has_decided()
    {
        var gate = new ManualResetEventSlim();
        var (_, child, _) = Family(new OneForOneStrategy(e =>
        {
            gate.Wait(Soon);
            return Directive.Resume;
        }));
        child.Tell(new InvalidOperationException("resume"));
        child.Tell("count?");
        ExpectNoMsg(Silence);

        gate.Set();

        ExpectMsg(0, Soon);
    }

    [Fact]
    public void The_children_of_a_restarted_parent_are_stopped_by_default()
    {
        var (parent, a, b) = Family(new OneForOneStrategy(ByMessage));
        Watch(a);
        Watch(b);

        parent.Tell(new InvalidOperationException("parent fails"));

        ExpectMsgAllOf<object>(Soon, "parent restarting: parent fails", Terminated(a), Terminated(b));
    }

    [Fact]
    public void By_default_an_exception_restarts()
    {
        var (_, child, _) = Family(SupervisorStrategy.DefaultStrategy);

        child.Tell(new InvalidOperationException("anything"));

        ExpectMsg("restarting a", Soon);
    }

    [Fact]
    public void The_stopping_strategy_stops_on_every_exception()
    {
        var (_, child, _) = Family(SupervisorStrategy.StoppingStrategy);
        Watch(child);

        child.Tell(new InvalidOperationException("anything"));

        ExpectTerminated(child, Soon);
    }

    [Fact]
    public void A_decider_from_pairs_takes_the_first_that_fits_and_else_its_default()
    {
        var decider = Decider.From(
            Directive.Escalate,
            KeyValuePair.Create(typeof(ArgumentNullException), Directive.Resume),
            KeyValuePair.Create(typeof(ArgumentException), Directive.Stop));

        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentNullException()));
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentException()));
        Assert.Equal(Directive.Escalate, decider.Decide(new InvalidOperationException()));
    }

    [Fact]
    public void A_failure_is_logged_as_an_error_of_the_child()
    {
        var (_, child, _) = Family(new OneForOneStrategy(ByMessage));

        EventFilter.Exception<InvalidOperationException>(message: "restart", source: child.Path.ToString())
            .ExpectOne(() => child.Tell(new InvalidOperationException("restart")));

        ExpectMsg("restarting a", Soon);
    }

    /// <summary>A parent with this strategy, and its two children a and b.</summary>
    private (IActorRef Parent, IActorRef A, IActorRef B) Family(SupervisorStrategy strategy)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(TestActor, strategy)));
        return (parent, ExpectMsg<IActorRef>(Soon), ExpectMsg<IActorRef>(Soon));
    }

    private static Terminated Terminated(IActorRef actor) => new(actor, existenceConfirmed: true, addressTerminated: false);

    private sealed class Parent : ReceiveActor
    {
        private readonly IActorRef _report;
        private readonly SupervisorStrategy _strategy;

        public Parent(IActorRef report, SupervisorStrategy strategy)
        {
            _report = report;
            _strategy = strategy;
            Receive<Exception>(e => throw e);
        }

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;

        protected override void PreStart()
        {
            _report.Tell(Context.ActorOf(Props.Create(() => new Child("a", _report))));
            _report.Tell(Context.ActorOf(Props.Create(() => new Child("b", _report))));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _report.Tell($"parent restarting: {reason.Message}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            // No new children.
        }
    }

    private sealed class Child : ReceiveActor
    {
        private readonly string _name;
        private readonly IActorRef _report;
        private int _count;

        public Child(string name, IActorRef report)
        {
            _name = name;
            _report = report;
            Receive<string>(m => m == "+1", _ => _count++);
            Receive<string>(m => m == "count?", _ => report.Tell(_count));
            Receive<Exception>(e => throw e);
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _report.Tell($"restarting {_name}");
            base.PreRestart(reason, message);
        }
    }
}
