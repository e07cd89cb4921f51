using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace KvStore.Core.Tests.Simulation;

public sealed class SimulationSpec(ITestOutputHelper output)
{
    /// <summary>Runs in the ordinary suite; KV_TEST_LONG=1 makes ten times as many, KV_SIM_RUNS any number.</summary>
    private static readonly int Runs =
        int.TryParse(Environment.GetEnvironmentVariable("KV_SIM_RUNS"), CultureInfo.InvariantCulture, out var runs) ? runs
        : Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1" ? 200_000
        : 20_000;

    /// <summary>KV_SIM_FIRST=n begins at another seed than the first, to try what was never tried.</summary>
    private static readonly int First =
        int.TryParse(Environment.GetEnvironmentVariable("KV_SIM_FIRST"), CultureInfo.InvariantCulture, out var first) ? first : 1;

    [Fact]
    public void No_run_breaks_a_promise()
    {
        var failures = new ConcurrentBag<string>();
        Parallel.For(First, First + Runs, (seed, loop) =>
        {
            var found = Run(SimOptions.Draw(seed));
            if (found.Count == 0)
                return;
            failures.Add($"seed {seed}: {found[0]} (+{found.Count - 1})\n{SimOptions.Draw(seed)}");
            if (failures.Count > 20)
                loop.Stop();
        });
        foreach (var failure in failures)
            output.WriteLine(failure);
        Assert.Empty(failures);
    }

    /// <summary>One run with everything that happened in it: KV_SIM_SEED=n replays what a failure named.</summary>
    [Fact]
    public void A_seed_replays_one_run_exactly()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("KV_SIM_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 1;
        var (first, second) = (new List<string>(), new List<string>());
        var found = Run(SimOptions.Draw(seed), first.Add);
        Run(SimOptions.Draw(seed), second.Add);
        foreach (var line in first.Concat(found).Append(SimOptions.Draw(seed).ToString()))
            output.WriteLine(line);
        Assert.Equal(first, second);
        Assert.Empty(found);
    }

    internal static IReadOnlyList<string> Run(SimOptions options, Action<string>? trace = null)
    {
        try
        {
            var world = new SimWorld(options, trace);
            world.Run();
            return Checkers.Check(world);
        }
        catch (InvariantViolationException broken)
        {
            return [broken.ToString()];
        }
    }
}
