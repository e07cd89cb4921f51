using Akka.Actor;
using Akka.Configuration;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

public sealed class LocalActorsSpec
{
    private static readonly Config Quiet = "akka { loglevel = OFF, stdout-loglevel = OFF }";

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Ticker : ReceiveActor, IWithTimers
    {
        private int _ticks;

        public Ticker()
        {
            Receive<string>(text => text == "tick", _ => _ticks++);
            Receive<string>(_ => Sender.Tell(_ticks));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromMinutes(1));
    }

    private sealed class Async : ReceiveActor
    {
        public Async(World world, IActorRef other)
        {
            ReceiveAsync<int>(async number =>
            {
                var (sender, self) = (Sender, Self);
                await Task.Yield();
                var answer = await other.Ask<int>(number, TimeSpan.FromSeconds(1));
                await world.Delay(TimeSpan.FromHours(1));
                Assert.Equal(self, Self);
                Assert.Equal(sender, Sender);
                Sender.Tell(answer + 1);
            });
            Receive<string>(text => other.Ask<string>(text, TimeSpan.FromSeconds(1)).PipeTo(Sender));
        }
    }

    private sealed class Escaping(Func<Task> escape) : ReceiveActor
    {
        protected override void PreStart() => Become(() => ReceiveAsync<string>(async _ =>
        {
            await escape();
            Sender.Tell("back");
        }));
    }

    [Fact]
    public void An_ask_is_answered_in_virtual_time()
    {
        using var world = new World(1);
        var system = world.AddNode("a").Start("local", Quiet);
        var echo = system.ActorOf(Props.Create(() => new Echo()), "echo");
        world.Run(async () =>
        {
            Assert.Equal("hi", await echo.Ask<string>("hi", TimeSpan.FromSeconds(1)));
            Assert.Equal(7, await echo.Ask<int>(7));
            await Assert.ThrowsAsync<AskTimeoutException>(() => system.DeadLetters.Ask<string>("x", TimeSpan.FromHours(3)));
            Assert.InRange(world.Now, TimeSpan.FromHours(3), TimeSpan.FromHours(3.01));
            await system.Terminate();
        });
    }

    [Fact]
    public void Actors_timers_run_for_days_in_no_time()
    {
        using var world = new World(2);
        var ticker = world.AddNode("a").Start("local", Quiet).ActorOf(Props.Create(() => new Ticker()));
        world.RunFor(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(30));
        world.Run(async () => Assert.InRange(await ticker.Ask<int>("how many"), 10_070, 10_080));
    }

    [Fact]
    public void Asynchronous_handlers_and_pipes_stay_in_the_simulation()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            using var world = new World(seed);
            var system = world.AddNode("a").Start("local", Quiet);
            var echo = system.ActorOf(Props.Create(() => new Echo()));
            var actor = system.ActorOf(Props.Create(() => new Async(world, echo)));
            world.Run(async () =>
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => actor.Ask<int>(i, TimeSpan.FromDays(1))));
                Assert.Equal([1, 2, 3, 4, 5], answers);
                Assert.InRange(world.Now, TimeSpan.FromHours(5), TimeSpan.FromHours(5.1));
                Assert.Equal("piped", await actor.Ask<string>("piped"));
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_actor_that_continues_on_another_thread_fails_the_run(bool leavesForGood)
    {
        using var world = new World(1);
        var outside = new TaskCompletionSource();
        Func<Task> escape = leavesForGood ? async () => await outside.Task.ConfigureAwait(false) : () => outside.Task;
        world.AddNode("alpha").Start("local", Quiet).ActorOf(Props.Create(() => new Escaping(escape))).Tell("go");
        world.RunFor(TimeSpan.FromSeconds(1));
        var thread = new Thread(outside.SetResult);
        thread.Start();
        thread.Join();
        var error = Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("foreign thread", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminate_completes_when_the_last_actor_has_stopped_however_late()
    {
        using var world = new World(1);
        var node = world.AddNode("a");
        var system = node.Start("local", Quiet);
        var stopped = false;
        system.RegisterOnTermination(() => stopped = true);
        var terminated = system.Terminate();
        node.Pause();
        world.RunFor(TimeSpan.FromMinutes(5));
        node.Resume();
        Assert.True(world.RunUntil(() => terminated.IsCompleted, TimeSpan.FromSeconds(1)));
        Assert.True(stopped);
    }

    [Fact]
    public void Nothing_is_left_after_terminate()
    {
        using var world = new World(3);
        var system = world.AddNode("a").Start("local", Quiet);
        system.ActorOf(Props.Create(() => new Ticker()));
        world.RunFor(TimeSpan.FromSeconds(5));
        world.Run(system.Terminate);
        var steps = world.Steps;
        world.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(steps, world.Steps);
    }
}
