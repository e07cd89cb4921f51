using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Routing;

namespace Troupe.Tests.Routing;

public sealed class RouterInternalsSpec() : Akka.TestKit.Xunit2.TestKit(
    """
    akka.loglevel = ERROR
    akka.actor.deployment {
      "/own" { router = "Troupe.Tests.Routing.LastRouteeGroup, Troupe.Tests", routees.paths = ["/user/a", "/user/b"] }
      "/pinned" {
        router = round-robin-pool
        nr-of-instances = 2
        pool-dispatcher { type = PinnedDispatcher }
      }
    }
    """)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public void Messages_told_while_the_routees_start_keep_their_order()
    {
        for (var round = 0; round < 50; round++)
        {
            var router = Sys.ActorOf(Props.Create(() => new Forwarding(TestActor)).WithRouter(new RoundRobinPool(1)));
            for (var i = 0; i < 20; i++)
            {
                router.Tell(i);
            }
            Assert.Equal(Enumerable.Range(0, 20), ReceiveN(20, Soon).Cast<int>());
        }
    }

    [Fact]
    public void A_router_without_routees_makes_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var router = Sys.ActorOf(Props.Create(() => new Forwarding(TestActor)).WithRouter(new RoundRobinPool(0)));

        router.Tell("hello");
        router.Tell(new Broadcast("to all"));

        Assert.Equal("hello", ExpectMsg<DeadLetter>(Soon).Message);
        Assert.Equal("to all", ExpectMsg<DeadLetter>(Soon).Message);
    }

    [Fact]
    public void A_router_class_of_the_applications_own_can_be_named_in_the_settings()
    {
        Sys.ActorOf(Props.Create(() => new Named()), "a");
        Sys.ActorOf(Props.Create(() => new Named()), "b");
        var router = Sys.ActorOf(Props.Empty.WithRouter(FromConfig.Instance), "own");

        router.Tell("who?");
        router.Tell("who?");

        Assert.Equal(["b", "b"], ReceiveN(2, Soon).Cast<string>());
    }

    [Fact]
    public void A_pool_dispatcher_is_the_routees_own()
    {
        var router = Sys.ActorOf(Props.Create(() => new Threaded()).WithRouter(FromConfig.Instance), "pinned");

        for (var i = 0; i < 20; i++)
        {
            router.Tell("which thread?");
        }

        Assert.Equal(2, ReceiveN(20, Soon).Distinct().Count());
    }

    [Fact]
    public void A_router_that_does_not_exist_is_an_error_that_names_the_setting()
    {
        var config = ConfigurationFactory.ParseString("akka.actor.deployment { /x { router = no-such-router } }");

        var error = Assert.ThrowsAny<ConfigurationException>(() => ActorSystem.Create("refused", config));

        Assert.Contains("akka.actor.deployment", error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-router", error.Message, StringComparison.Ordinal);
    }

    private sealed class Forwarding : ReceiveActor
    {
        public Forwarding(IActorRef target) => ReceiveAny(target.Forward);
    }

    private sealed class Named : ReceiveActor
    {
        public Named() => ReceiveAny(_ => Sender.Tell(Self.Path.Name));
    }

    private sealed class Threaded : ReceiveActor
    {
        public Threaded() => ReceiveAny(_ => Sender.Tell(Environment.CurrentManagedThreadId));
    }
}

/// <summary>A group with a logic of its own: the last routee gets everything.</summary>
public sealed class LastRouteeGroup(Config config) : Group(config.GetStringList("routees.paths"), "akka.actor.default-dispatcher")
{
    public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

    public override Router CreateRouter(ActorSystem system) => new(new Last());

    private sealed class Last : RoutingLogic
    {
        public override Routee Select(object message, Routee[] routees) => routees[^1];
    }
}
