using Akka.Actor;

namespace ActorRuntime.Specs.Hosting;

public sealed class SystemSpec : Spec
{
    [Fact]
    public async Task Terminating_stops_every_actor_and_completes()
    {
        var system = ActorSystem.Create("ending");
        var end = CreateTestProbe();
        var actor = system.ActorOf(Props.Create(() => new LastWords(end.Ref)));

        await system.Terminate().WaitAsync(Soon);

        await end.ExpectMsgAsync(actor.Path.Name, Soon);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Callbacks_run_when_the_system_has_ended_the_last_registered_first()
    {
        var system = ActorSystem.Create("ending");
        var order = new List<int>();
        system.RegisterOnTermination(() => order.Add(1));
        system.RegisterOnTermination(() => order.Add(2));

        await system.Terminate().WaitAsync(Soon);

        Assert.Equal([2, 1], order);
    }

    [Fact]
    public async Task No_actor_is_created_in_a_system_that_has_ended()
    {
        var system = ActorSystem.Create("ending");
        await system.Terminate().WaitAsync(Soon);

        Assert.ThrowsAny<InvalidOperationException>(() => system.ActorOf(Props.Create(() => new LastWords(TestActor))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("-dash-first")]
    public void A_name_that_cannot_stand_in_a_path_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => ActorSystem.Create(name));

    [Fact]
    public void A_path_shows_protocol_system_and_names()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LastWords(TestActor)), "named");

        Assert.Equal("akka://spec/user/named", actor.Path.ToString());
        Assert.Equal("/user/named", actor.Path.ToStringWithoutAddress());
        Assert.Equal(Address.Parse("akka://spec"), actor.Path.Address);
        Assert.Equal(actor.Path, ActorPath.Parse("akka://spec/user/named"));
    }

    private sealed class LastWords(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => report.Tell(Self.Path.Name);
    }
}
