using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

/// <summary>Whole simulated runs that specs repeat, here or in processes of their own. Each answers its trace hash.</summary>
internal static class Scenarios
{
    public static readonly SortedDictionary<string, Func<SimulationOptions, ulong>> All = new(StringComparer.Ordinal)
    {
        ["actors"] = ActorChatter.Run,
        ["cluster"] = Clustering.ChaosRun.Run,
        ["streams"] = StreamChatter.Run,
    };

    public static Func<SimulationOptions, ulong>? Named(string name) =>
        name == nameof(Escape) ? Escape : All.GetValueOrDefault(name);

    /// <summary>Work on the thread pool that never touches the simulation.</summary>
    public static ulong Escape(SimulationOptions options)
    {
        using var world = new World(options);
        var never = new TaskCompletionSource();
        world.At(TimeSpan.FromSeconds(1), () =>
        {
            // More than the pool has threads, so that some are still counted as waiting when the run ends.
            for (var i = 0; i < 1000; i++) _ = Task.Run(never.Task.Wait);
        });
        world.RunFor(TimeSpan.FromSeconds(2));
        return world.TraceHash;
    }
}
