using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class DeathWatchSpec : Spec
{
    [Fact]
    public void A_watcher_is_told_once_when_the_watched_actor_stops()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Failing()));
        Watch(actor);
        Watch(actor);

        Sys.Stop(actor);

        var terminated = ExpectTerminated(actor, Soon);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void Watching_an_actor_that_has_stopped_is_answered_at_once()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Failing()));
        StopAndAwait(actor);

        Watch(actor);

        ExpectTerminated(actor, Soon);
    }

    [Fact]
    public void A_restart_is_not_a_death()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Failing()));
        Watch(actor);

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));
        AwaitHandled(actor);

        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_watch_outlives_a_restart_of_the_watched_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Failing()));
        Watch(actor);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));

        Sys.Stop(actor);

        ExpectTerminated(actor, Soon);
    }

    [Fact]
    public void A_watch_outlives_a_restart_of_the_watcher()
    {
        var watched = Sys.ActorOf(Props.Create(() => new Failing()));
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(watched, TestActor)));
        watcher.Tell("watch");
        ExpectMsg("watching", Soon);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => watcher.Tell("fail"));

        Sys.Stop(watched);

        ExpectMsg("terminated", Soon);
    }

    [Fact]
    public void After_unwatch_nothing_is_told()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Failing()));
        Watch(actor);
        Unwatch(actor);

        StopAndAwait(actor);

        ExpectNoMsg(Silence);
    }

    [Fact]
    public void WatchWith_sends_the_given_message_instead()
    {
        var watched = Sys.ActorOf(Props.Create(() => new Failing()));
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(watched, TestActor)));
        watcher.Tell("watch with");
        ExpectMsg("watching", Soon);

        Sys.Stop(watched);

        ExpectMsg("my own words", Soon);
    }

    [Fact]
    public void A_watcher_that_does_not_handle_Terminated_fails_with_a_death_pact()
    {
        var watched = Sys.ActorOf(Props.Create(() => new Failing()));
        var watcher = Sys.ActorOf(Props.Create(() => new Careless(watched, TestActor)));
        ExpectMsg("watching", Soon);

        EventFilter.Exception<DeathPactException>().ExpectOne(() => Sys.Stop(watched));

        Watch(watcher);
        ExpectTerminated(watcher, Soon);
    }

    [Fact]
    public void A_message_from_the_watched_actor_comes_before_its_Terminated()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LastWords(TestActor)));
        Watch(actor);

        Sys.Stop(actor);

        ExpectMsg("last words", Soon);
        ExpectTerminated(actor, Soon);
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing()
        {
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
            ReceiveAny(_ => { });
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef watched, IActorRef report)
        {
            Receive<string>(m => m == "watch", _ =>
            {
                Context.Watch(watched);
                report.Tell("watching");
            });
            Receive<string>(m => m == "watch with", _ =>
            {
                Context.WatchWith(watched, "my own words");
                report.Tell("watching");
            });
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("on purpose"));
            Receive<Terminated>(_ => report.Tell("terminated"));
            ReceiveAny(report.Forward);
        }
    }

    private sealed class Careless : ReceiveActor
    {
        public Careless(IActorRef watched, IActorRef report)
        {
            Context.Watch(watched);
            report.Tell("watching");
        }
    }

    private sealed class LastWords(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => report.Tell("last words");
    }
}
