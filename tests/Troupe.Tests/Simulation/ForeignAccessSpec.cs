using Akka.Configuration;
using Troupe.Platform;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

public sealed class ForeignAccessSpec
{
    private sealed class Nothing : IThreadPoolWorkItem
    {
        public void Execute()
        {
        }
    }

    private static readonly Dictionary<string, Action<Seams>> Accesses = new()
    {
        ["work for some-dispatcher"] = seams => seams.CreateExecutor("some-dispatcher", Config.Empty).Execute(new Nothing()),
        ["a timer"] = seams => seams.Timers.Schedule(TimeSpan.Zero, _ => { }, null),
        ["a read of the clock"] = seams => _ = seams.Clock.UtcNow,
        ["a random number"] = seams => seams.Entropy.NextInt64(),
        ["a connection to b:1"] = seams =>
            seams.Network.Connect("b", 1, new StreamOptions(), TimeSpan.Zero, _ => throw new NotSupportedException(), _ => { }),
    };

    public static TheoryData<string> AccessNames => [.. Accesses.Keys];

    [Theory]
    [MemberData(nameof(AccessNames))]
    public void Access_from_another_thread_fails_the_run_and_is_named(string access)
    {
        using var world = new World(1);
        var seams = world.AddNode("a").CreateSeams();
        OnAnotherThread(() => Accesses[access](seams));
        var error = Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("foreign thread", error.Message, StringComparison.Ordinal);
        Assert.Contains(access, error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ForeignAccessSpec), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_continuation_that_comes_from_outside_fails_the_run()
    {
        using var world = new World(1);
        var completed = new TaskCompletionSource();
        var running = true;
        var error = Assert.Throws<SimulationException>(() => world.Run(async () =>
        {
            world.At(TimeSpan.FromSeconds(1), () => OnAnotherThread(completed.SetResult));
            await completed.Task;
            running = false;
        }));
        Assert.Contains("a continuation", error.Message, StringComparison.Ordinal);
        Assert.True(running);
    }

    [Fact]
    public void A_violation_after_the_last_run_is_thrown_when_the_world_ends()
    {
        var world = new World(1);
        var seams = world.AddNode("a").CreateSeams();
        world.RunFor(TimeSpan.FromSeconds(1));
        OnAnotherThread(() => seams.Timers.Schedule(TimeSpan.Zero, _ => { }, null));
        Assert.Throws<SimulationException>(world.Dispose);
    }

    private static void OnAnotherThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }
}
