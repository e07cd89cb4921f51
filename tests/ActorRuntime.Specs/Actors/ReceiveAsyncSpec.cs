using Akka.Actor;

namespace ActorRuntime.Specs.Actors;

public sealed class ReceiveAsyncSpec : Spec
{
    [Fact]
    public void Messages_wait_while_an_async_handler_is_under_way()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Async(TestActor, gate.Task)));
        actor.Tell("slow");
        ExpectMsg("began slow", Soon);
        actor.Tell("quick");
        ExpectNoMsg(Silence);

        gate.SetResult();

        ExpectMsg("ended slow", Soon);
        ExpectMsg("quick", Soon);
    }

    [Fact]
    public void Sender_and_self_are_the_same_after_an_await()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Async(TestActor, Task.CompletedTask)));
        var asker = CreateTestProbe();

        asker.Send(actor, "who after a yield?");

        asker.ExpectMsg(asker.Ref.Path, Soon);
        Assert.Equal(actor, asker.LastSender);
    }

    [Fact]
    public void An_exception_behind_an_await_goes_to_the_supervisor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Async(TestActor, Task.CompletedTask)));

        EventFilter.Exception<InvalidOperationException>("behind the await").ExpectOne(() => actor.Tell("fail after a yield"));
        ExpectMsg("restarting", Soon);

        actor.Tell("quick");
        ExpectMsg("quick", Soon);
    }

    [Fact]
    public void The_order_of_messages_holds_through_async_handlers()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Async(TestActor, Task.CompletedTask)));

        for (var i = 0; i < 200; i++)
        {
            actor.Tell(i);
        }

        Assert.Equal(Enumerable.Range(0, 200), ReceiveN(200, Soon).Cast<int>());
    }

    [Fact]
    public void Stopping_does_not_wait_for_an_async_handler_that_is_under_way()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Async(TestActor, gate.Task)));
        Watch(actor);
        actor.Tell("slow");
        ExpectMsg("began slow", Soon);

        Sys.Stop(actor);

        ExpectTerminated(actor, Soon);
        gate.SetResult();
    }

    private sealed class Async : ReceiveActor
    {
        private readonly IActorRef _report;

        public Async(IActorRef report, Task gate)
        {
            _report = report;
            ReceiveAsync<string>(m => m == "slow", async m =>
            {
                report.Tell($"began {m}");
                await gate;
                report.Tell($"ended {m}");
            });
            ReceiveAsync<string>(m => m == "who after a yield?", async _ =>
            {
                await Task.Yield();
                Sender.Tell(Sender.Path, Self);
            });
            ReceiveAsync<string>(m => m == "fail after a yield", async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("behind the await");
            });
            ReceiveAsync<int>(async m =>
            {
                await Task.Yield();
                report.Tell(m);
            });
            ReceiveAny(m => report.Tell(m));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _report.Tell("restarting");
            base.PreRestart(reason, message);
        }
    }
}
