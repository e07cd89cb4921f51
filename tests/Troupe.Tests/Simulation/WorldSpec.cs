using Akka.Configuration;
using Troupe.Platform;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

public sealed class WorldSpec
{
    private sealed class Item(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }

    [Fact]
    public void Hours_of_virtual_time_pass_in_no_time()
    {
        using var world = new World(1);
        var seams = world.AddNode("a").CreateSeams();
        var beats = 0;
        void Beat(object? state)
        {
            beats++;
            seams.Timers.Schedule(TimeSpan.FromSeconds(1), Beat, null);
        }
        Beat(null);
        var start = seams.Clock.UtcNow;
        world.RunFor(TimeSpan.FromHours(24));
        Assert.Equal(TimeSpan.FromHours(24), world.Now);
        Assert.Equal(TimeSpan.FromHours(24), seams.Clock.UtcNow - start);
        Assert.InRange(beats, 86_300, 86_401);
    }

    [Fact]
    public void A_cancelled_timer_never_fires()
    {
        using var world = new World(1);
        var timers = world.AddNode("a").CreateSeams().Timers;
        var fired = 0;
        var cancelled = timers.Schedule(TimeSpan.FromSeconds(1), _ => fired++, null);
        var kept = timers.Schedule(TimeSpan.FromSeconds(1), _ => fired++, null);
        Assert.True(cancelled.Cancel());
        Assert.False(cancelled.Cancel());
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(1, fired);
        Assert.False(kept.Cancel());
    }

    [Fact]
    public void The_seed_picks_the_order_of_what_is_runnable()
    {
        static string Order(ulong seed)
        {
            using var world = new World(seed);
            var executor = world.AddNode("a").CreateSeams().CreateExecutor("d", Config.Empty);
            var order = "";
            foreach (var name in "abcdefgh") executor.Execute(new Item(() => order += name));
            Assert.True(world.RunUntilQuiet(TimeSpan.FromSeconds(1)));
            return order;
        }
        Assert.Equal(Order(5), Order(5));
        Assert.True(Enumerable.Range(0, 20).Select(seed => Order((ulong)seed)).Distinct().Count() > 10);
    }

    [Fact]
    public void Endless_work_does_not_stop_time()
    {
        using var world = new World(1);
        var executor = world.AddNode("a").CreateSeams().CreateExecutor("d", Config.Empty);
        Item? again = null;
        again = new Item(() => executor.Execute(again!));
        executor.Execute(again);
        world.RunFor(TimeSpan.FromMilliseconds(10));
        Assert.False(world.RunUntilQuiet(TimeSpan.FromMilliseconds(10)));
    }

    [Fact]
    public void A_run_without_end_fails()
    {
        using var world = new World(new SimulationOptions { MaxSteps = 1000 });
        var executor = world.AddNode("a").CreateSeams().CreateExecutor("d", Config.Empty);
        Item? again = null;
        again = new Item(() => executor.Execute(again!));
        executor.Execute(again);
        Assert.Contains("no end", Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromDays(1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_differ_from_node_to_node_within_their_bounds()
    {
        var options = new SimulationOptions { Seed = 4, MaxClockOffset = TimeSpan.FromSeconds(2), MaxClockDrift = 500 };
        using var world = new World(options);
        var clocks = Enumerable.Range(0, 5).Select(i => world.AddNode($"n{i}").CreateSeams().Clock).ToArray();
        Assert.Equal(5, clocks.Select(c => c.UtcNow).Distinct().Count());
        world.RunFor(TimeSpan.FromHours(1));
        foreach (var clock in clocks)
        {
            Assert.InRange(clock.Monotonic - world.Now, TimeSpan.FromSeconds(-1.81), TimeSpan.FromSeconds(1.81));
            Assert.InRange(clock.UtcNow - World.Epoch - world.Now, TimeSpan.FromSeconds(-3.81), TimeSpan.FromSeconds(3.81));
        }
        Assert.Equal(5, clocks.Select(c => c.Monotonic).Distinct().Count());
    }

    [Fact]
    public void Nothing_of_a_crashed_node_runs_any_more_and_a_restart_is_a_new_process()
    {
        using var world = new World(1);
        var node = world.AddNode("a");
        var seams = node.CreateSeams();
        var runs = 0;
        var executor = seams.CreateExecutor("d", Config.Empty);
        seams.Timers.Schedule(TimeSpan.FromSeconds(1), _ => runs++, null);
        executor.Execute(new Item(() => runs++));
        node.Crash();
        executor.Execute(new Item(() => runs++));
        seams.Timers.Schedule(TimeSpan.Zero, _ => runs++, null);
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(0, runs);
        Assert.Throws<InvalidOperationException>(() => node.CreateSeams());

        node.Restart();
        node.CreateSeams().Timers.Schedule(TimeSpan.Zero, _ => runs += 10, null);
        world.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(10, runs);
    }

    [Fact]
    public void A_paused_node_does_everything_in_order_when_it_resumes()
    {
        using var world = new World(1);
        var node = world.AddNode("a");
        var timers = node.CreateSeams().Timers;
        var order = "";
        foreach (var second in new[] { 3, 1, 2 }) timers.Schedule(TimeSpan.FromSeconds(second), s => order += s, second);
        node.Pause();
        world.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal("", order);
        node.Resume();
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("123", order);
    }

    [Fact]
    public void Asynchronous_scenarios_stay_on_the_simulations_thread()
    {
        using var world = new World(1);
        var thread = Environment.CurrentManagedThreadId;
        var done = false;
        world.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await Task.Yield();
                await world.Delay(TimeSpan.FromMinutes(1));
                await Task.WhenAll(world.Delay(TimeSpan.FromSeconds(1)), world.Delay(TimeSpan.FromSeconds(2)));
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            }
            done = true;
        });
        Assert.True(done);
        Assert.InRange(world.Now, TimeSpan.FromSeconds(6200), TimeSpan.FromSeconds(6201));
    }

    [Fact]
    public void Tasks_that_name_no_scheduler_stay_on_the_simulations_thread()
    {
        using var world = new World(1);
        var threads = new List<int>();
        void Note() => threads.Add(Environment.CurrentManagedThreadId);
        world.At(TimeSpan.FromSeconds(1), () => Task.Factory.StartNew(Note, CancellationToken.None, TaskCreationOptions.None,
            TaskScheduler.Current).ContinueWith(_ => Note(), TaskScheduler.Current));
        Assert.True(world.RunUntil(() => threads.Count == 2, TimeSpan.FromSeconds(2)));
        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    [Fact]
    public void What_a_node_awaits_dies_with_it()
    {
        using var world = new World(1);
        var node = world.AddNode("a");
        var reached = false;
        node.Run(async () =>
        {
            await world.Delay(TimeSpan.FromSeconds(1));
            reached = true;
        });
        node.Crash();
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.False(reached);
    }

    [Fact]
    public void A_failure_carries_the_options_and_the_line_that_repeats_it()
    {
        const string ReplayLine = "sim --seed {seed} --scenario {scenario}";
        using var world = new World(new SimulationOptions { Seed = 0xAB, Scenario = "split", ReplayLine = ReplayLine });
        var error = Assert.Throws<SimulationException>(() => world.Run(async () =>
        {
            await world.Delay(TimeSpan.FromSeconds(3));
            Assert.Fail("two winners");
        }));
        Assert.Contains("two winners", error.Message, StringComparison.Ordinal);
        Assert.Contains("replay:  sim --seed 0x00000000000000ab --scenario split", error.Message, StringComparison.Ordinal);
        Assert.Contains("options: seed=0x00000000000000ab scenario=split", error.Message, StringComparison.Ordinal);
        Assert.Contains("at 00:00:03", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_waits_for_ever_fails()
    {
        using var world = new World(1);
        var error = Assert.Throws<SimulationException>(() => world.Run(() => new TaskCompletionSource().Task));
        Assert.Contains("never come", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_that_leaves_a_step_fails_the_run_and_names_the_node()
    {
        using var world = new World(1);
        world.AddNode("alpha").CreateSeams().Timers.Schedule(TimeSpan.Zero, _ => throw new FormatException("oops"), null);
        var error = Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("node alpha: FormatException: oops", error.Message, StringComparison.Ordinal);
        Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_step_cannot_run_the_simulation()
    {
        using var world = new World(1);
        world.At(TimeSpan.Zero, () => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("runs already", Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_source_of_chance_is_its_own()
    {
        var one = new SimulationRandom(1);
        Assert.Equal(one.Fork("a").NextUInt64(), new SimulationRandom(1).Fork("a").NextUInt64());
        Assert.NotEqual(one.Fork("a").NextUInt64(), one.Fork("b").NextUInt64());
        // The published first outputs of xoshiro256** seeded by splitmix64 from 0.
        var zero = new SimulationRandom(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, zero.NextUInt64());
        Assert.Equal(0xBF6E1F784956452AUL, zero.NextUInt64());
        Assert.InRange(Enumerable.Range(0, 10_000).Average(_ => zero.NextDouble()), 0.48, 0.52);
        Assert.Equal(10, Enumerable.Range(0, 1000).Select(_ => zero.Next(10)).Distinct().Count());
    }
}
