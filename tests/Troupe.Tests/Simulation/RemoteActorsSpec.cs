using Akka.Actor;
using Akka.Configuration;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

public sealed class RemoteActorsSpec
{
    private const int Port = 4053;

    private static readonly Config Remote = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = remote
          remote.dot-netty.tcp.port = 4053
        }
        """;

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Collector : ReceiveActor
    {
        public Collector(World world, List<(string Text, TimeSpan At)> heard) =>
            Receive<string>(text => heard.Add((text, world.Now)));
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(List<Terminated> ended)
        {
            Receive<IActorRef>(actor => Context.Watch(actor));
            Receive<Terminated>(ended.Add);
        }
    }

    private static ActorSystem StartEcho(SimulatedNode node)
    {
        var system = node.Start("sim", Remote);
        system.ActorOf(Props.Create(() => new Echo()), "echo");
        return system;
    }

    private static ActorSelection EchoOn(ActorSystem from, SimulatedNode node) =>
        from.ActorSelection($"akka.tcp://sim@{node.Host}:{Port}/user/echo");

    [Fact]
    public void An_ask_crosses_nodes()
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            using var world = new World(SimulationOptions.Draw(seed) with { HalfOpenProbability = 0 });
            var (a, b) = (world.AddNode("a"), world.AddNode("b"));
            var system = StartEcho(a);
            StartEcho(b);
            world.Run(async () =>
            {
                var echo = EchoOn(system, b);
                Assert.Equal("hi", await echo.Ask<string>("hi", TimeSpan.FromSeconds(30)));
                var reference = await echo.ResolveOne(TimeSpan.FromSeconds(30));
                for (var i = 0; i < 20; i++) Assert.Equal(i, await reference.Ask<int>(i, TimeSpan.FromSeconds(30)));
            });
        }
    }

    [Fact]
    public void A_partition_delays_messages_and_they_come_in_order_after_the_heal()
    {
        using var world = new World(11);
        var (a, b) = (world.AddNode("a"), world.AddNode("b"));
        var system = StartEcho(a);
        var heard = new List<(string Text, TimeSpan At)>();
        StartEcho(b).ActorOf(Props.Create(() => new Collector(world, heard)), "collector");
        world.Run(async () =>
        {
            var collector = system.ActorSelection($"akka.tcp://sim@{b.Host}:{Port}/user/collector");
            await EchoOn(system, b).Ask<string>("warm", TimeSpan.FromSeconds(5));
            world.Network.Isolate(b);
            for (var i = 0; i < 40; i++)
            {
                collector.Tell($"{i}");
                await world.Delay(TimeSpan.FromSeconds(1));
            }
            Assert.Empty(heard);
            await Assert.ThrowsAsync<AskTimeoutException>(() => EchoOn(system, b).Ask<string>("lost", TimeSpan.FromSeconds(2)));
            var healed = world.Now;
            world.Network.HealAll();
            await world.Delay(TimeSpan.FromSeconds(25));
            Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), heard.Select(h => h.Text));
            Assert.InRange(heard[0].At - healed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(21));
        });
    }

    [Fact]
    public void A_call_from_the_peer_ends_the_wait_for_a_lost_dial()
    {
        using var world = new World(11);
        var (a, b) = (world.AddNode("a"), world.AddNode("b"));
        var (system, other) = (StartEcho(a), StartEcho(b));
        var heard = new List<(string Text, TimeSpan At)>();
        other.ActorOf(Props.Create(() => new Collector(world, heard)), "collector");
        world.Run(async () =>
        {
            world.Network.Cut(a, b);
            system.ActorSelection($"akka.tcp://sim@{b.Host}:{Port}/user/collector").Tell("early");
            // The first packet goes out again 1 s, 3 s and 7 s after the first time.
            await world.Delay(TimeSpan.FromSeconds(4));
            world.Network.HealAll();
            EchoOn(other, a).Tell("knock");
            await world.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal("early", Assert.Single(heard).Text);
        });
    }

    [Fact]
    public void A_restarted_peer_is_a_new_system_that_selections_reach_and_cached_references_do_not()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            using var world = new World(SimulationOptions.Draw(seed));
            var (a, b) = (world.AddNode("a"), world.AddNode("b"));
            var system = StartEcho(a);
            StartEcho(b);
            world.Run(async () =>
            {
                var cached = await EchoOn(system, b).ResolveOne(TimeSpan.FromSeconds(30));
                b.Crash(world.Random.Chance(0.5) ? CrashKind.Reset : CrashKind.Silent);
                await world.Delay(TimeSpan.FromSeconds(3));
                b.Restart();
                StartEcho(b);
                await world.Delay(TimeSpan.FromSeconds(60));
                await Retry(async () => await EchoOn(system, b).Ask<string>("new", TimeSpan.FromSeconds(5)), 20);
                await Assert.ThrowsAsync<AskTimeoutException>(() => cached.Ask<string>("old", TimeSpan.FromSeconds(5)));
            });
        }
    }

    [Fact]
    public void A_paused_peer_answers_everything_when_it_resumes()
    {
        using var world = new World(5);
        var (a, b) = (world.AddNode("a"), world.AddNode("b"));
        var system = StartEcho(a);
        StartEcho(b);
        world.Run(async () =>
        {
            var echo = EchoOn(system, b);
            await echo.Ask<string>("warm", TimeSpan.FromSeconds(5));
            b.Pause();
            var asked = Enumerable.Range(0, 10).Select(i => echo.Ask<int>(i, TimeSpan.FromMinutes(5))).ToArray();
            await world.Delay(TimeSpan.FromSeconds(60));
            Assert.DoesNotContain(asked, task => task.IsCompleted);
            b.Resume();
            Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(asked));
        });
    }

    [Fact]
    public void A_watch_across_nodes_tells_of_a_stopped_actor_once()
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            using var world = new World(SimulationOptions.Draw(seed));
            var (a, b) = (world.AddNode("a"), world.AddNode("b"));
            var system = StartEcho(a);
            var other = StartEcho(b);
            var ended = new List<Terminated>();
            var watcher = system.ActorOf(Props.Create(() => new Watcher(ended)));
            world.Run(async () =>
            {
                var echo = await EchoOn(system, b).ResolveOne(TimeSpan.FromSeconds(30));
                watcher.Tell(echo);
                await world.Delay(TimeSpan.FromSeconds(10));
                Assert.Empty(ended);
                other.Stop(await other.ActorSelection("/user/echo").ResolveOne(TimeSpan.FromSeconds(1)));
                await world.Delay(TimeSpan.FromSeconds(30));
                Assert.Equal(echo, Assert.Single(ended).ActorRef);
            });
        }
    }

    private static async Task Retry(Func<Task> action, int attempts)
    {
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (AskTimeoutException) when (--attempts > 0)
            {
                // The line is still gated or its first bytes are still under way.
            }
        }
    }
}
