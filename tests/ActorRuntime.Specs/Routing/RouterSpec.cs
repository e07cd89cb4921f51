using Akka.Actor;
using Akka.Routing;

namespace ActorRuntime.Specs.Routing;

public sealed class RouterSpec() : Spec(
    """
    akka.actor.deployment {
      /configured { router = round-robin-pool, nr-of-instances = 3 }
      /grouped { router = broadcast-group, routees.paths = ["/user/x", "/user/y"] }
    }
    """)
{
    [Fact]
    public void Round_robin_gives_each_routee_its_turn()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(3)));

        var names = Ask(router, 9);

        Assert.Equal(3, names.Distinct().Count());
        Assert.Equal(names.Take(3), names.Skip(3).Take(3));
        Assert.Equal(names.Take(3), names.Skip(6));
    }

    [Fact]
    public void A_group_routes_to_actors_that_somebody_else_made()
    {
        Named("x");
        Named("y");
        var router = Sys.ActorOf(Props.Empty.WithRouter(new RoundRobinGroup("/user/x", "/user/y")));

        Assert.Equal(["x", "y"], Ask(router, 2).Order());
    }

    [Fact]
    public void A_broadcast_pool_sends_to_all()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new BroadcastPool(3)));

        router.Tell("who?");

        Assert.Equal(3, ReceiveN(3, Soon).Distinct().Count());
    }

    [Fact]
    public void A_broadcast_group_sends_to_all()
    {
        Named("x");
        Named("y");
        var router = Sys.ActorOf(Props.Empty.WithRouter(new BroadcastGroup("/user/x", "/user/y")));

        router.Tell("who?");

        ExpectMsgAllOf(Soon, "x", "y");
    }

    [Fact]
    public void A_broadcast_message_goes_to_all_routees_of_any_router()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(4)));

        router.Tell(new Broadcast("who?"));

        Assert.Equal(4, ReceiveN(4, Soon).Distinct().Count());
    }

    [Fact]
    public void A_random_router_reaches_only_its_routees()
    {
        Named("x");
        Named("y");
        var router = Sys.ActorOf(Props.Empty.WithRouter(new RandomGroup("/user/x", "/user/y")));

        var names = Ask(router, 100);

        Assert.Equal(["x", "y"], names.Distinct().Order());
    }

    [Fact]
    public void The_sender_of_a_routed_message_is_its_sender()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(1)));
        var asker = CreateTestProbe();

        asker.Send(router, "who?");

        asker.ExpectMsg<string>(Soon);
    }

    [Fact]
    public void The_routees_can_be_asked_for()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(3)));

        router.Tell(GetRoutees.Instance);

        Assert.Equal(3, ExpectMsg<Routees>(Soon).Members.Count());
    }

    [Fact]
    public void Routees_can_be_added_and_removed()
    {
        var x = Named("x");
        var y = Named("y");
        var router = Sys.ActorOf(Props.Empty.WithRouter(new RoundRobinGroup("/user/x")));

        router.Tell(new AddRoutee(Routee.FromActorRef(y)));
        AwaitHandled(router);
        Assert.Equal(["x", "y"], Ask(router, 2).Order());

        router.Tell(new RemoveRoutee(Routee.FromActorRef(y)));
        AwaitHandled(router);
        Assert.Equal(["x", "x"], Ask(router, 2));
        Assert.NotEqual(x, y);
    }

    [Fact]
    public void A_pool_grows_and_shrinks_when_told()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(2)));

        router.Tell(new AdjustPoolSize(+2));
        router.Tell(GetRoutees.Instance);
        Assert.Equal(4, ExpectMsg<Routees>(Soon).Members.Count());

        router.Tell(new AdjustPoolSize(-3));
        router.Tell(GetRoutees.Instance);
        Assert.Single(ExpectMsg<Routees>(Soon).Members);
    }

    [Fact]
    public void A_pool_stops_when_its_last_routee_has()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(2)));
        Watch(router);

        router.Tell(new Broadcast(PoisonPill.Instance));

        ExpectTerminated(router, Soon);
    }

    [Fact]
    public void Stopping_a_pool_stops_its_routees()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(2)));
        router.Tell(GetRoutees.Instance);
        var routees = ExpectMsg<Routees>(Soon).Members.Cast<ActorRefRoutee>().Select(r => r.Actor).ToList();
        routees.ForEach(r => Watch(r));

        Sys.Stop(router);

        ReceiveN(2, Soon);
    }

    [Fact]
    public void A_poison_pill_to_the_router_stops_the_router_itself()
    {
        Named("x");
        var router = Sys.ActorOf(Props.Empty.WithRouter(new RoundRobinGroup("/user/x")));
        Watch(router);

        router.Tell(PoisonPill.Instance);

        ExpectTerminated(router, Soon);
        Sys.ActorSelection("/user/x").Tell("who?");
        ExpectMsg("x", Soon);
    }

    [Fact]
    public void A_routee_that_fails_is_restarted_and_stays_a_routee()
    {
        var router = Sys.ActorOf(Worker().WithRouter(new RoundRobinPool(2)));
        var before = Ask(router, 2);

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => router.Tell("fail"));

        Assert.Equal(before.Order(), Ask(router, 2).Order());
    }

    [Fact]
    public void A_router_can_come_from_the_settings_of_its_path()
    {
        var pool = Sys.ActorOf(Worker().WithRouter(FromConfig.Instance), "configured");
        Assert.Equal(3, Ask(pool, 6).Distinct().Count());

        Named("x");
        Named("y");
        var group = Sys.ActorOf(Props.Empty.WithRouter(FromConfig.Instance), "grouped");
        group.Tell("who?");
        ExpectMsgAllOf(Soon, "x", "y");
    }

    [Fact]
    public void FromConfig_without_settings_is_an_error() =>
        Assert.Throws<Akka.Configuration.ConfigurationException>(() =>
            Sys.ActorOf(Worker().WithRouter(FromConfig.Instance), "not-configured"));

    [Fact]
    public async Task Scatter_gather_answers_with_the_first_answer()
    {
        Named("x");
        Sys.ActorOf(Props.Create(() => new Silent()), "silent");
        var router = Sys.ActorOf(Props.Empty.WithRouter(new ScatterGatherFirstCompletedGroup(Soon, "/user/x", "/user/silent")));

        Assert.Equal("x", await router.Ask<string>("who?", Soon));
    }

    private static Props Worker() => Props.Create(() => new Working());

    private IActorRef Named(string name) => Sys.ActorOf(Worker(), name);

    private List<string> Ask(IActorRef router, int times)
    {
        var names = new List<string>();
        for (var i = 0; i < times; i++)
        {
            router.Tell("who?");
            names.Add(ExpectMsg<string>(Soon));
        }
        return names;
    }

    private sealed class Working : ReceiveActor
    {
        public Working()
        {
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
            Receive<string>(_ => Sender.Tell(Self.Path.Name));
        }
    }

    private sealed class Silent : ReceiveActor
    {
        public Silent() => ReceiveAny(_ => { });
    }
}
