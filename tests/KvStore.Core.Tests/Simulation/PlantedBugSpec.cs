using System.Globalization;
using Xunit.Abstractions;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// Each planted defect is a switch in the production path. The general checkers find every one in a bounded number of runs; none of
/// them knows of any. With all switches off nothing is found (<see cref="SimulationSpec"/>).
/// </summary>
public sealed class PlantedBugSpec(ITestOutputHelper output)
{
    private const int MaxRuns = 20_000;

    /// <summary>All but the one that needs slow disks beside a move: it is in <see cref="PlantedRingBugsSpec"/>.</summary>
    public static TheoryData<string> All() =>
        [.. Enum.GetNames<PlantedBugs>().Where(name => name is not nameof(PlantedBugs.None) and not nameof(PlantedBugs.FenceNotDrained))];

    [Theory]
    [MemberData(nameof(All))]
    public void The_checkers_catch(string name)
    {
        var bug = Enum.Parse<PlantedBugs>(name);
        string? caught = null;
        Parallel.For(1, MaxRuns + 1, (seed, loop) =>
        {
            var found = SimulationSpec.Run(Likely(bug, SimOptions.Draw(seed)) with { Bugs = bug });
            if (found.Count == 0)
                return;
            Interlocked.CompareExchange(ref caught, string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {found[0]}"), null);
            loop.Stop();
        });
        Assert.NotNull(caught);
        output.WriteLine($"{name}: {caught}");
    }

    /// <summary>Rings that become known late, and much going on: else an old epoch is met once in some ten thousand runs.</summary>
    private static SimOptions Likely(PlantedBugs bug, SimOptions options) => bug != PlantedBugs.StaleEpochAccepted ? options : options with
    {
        Strict = true, Moves = true, RingLag = 30_000, Keys = 1, Clients = 4, Nodes = Math.Max(5, options.Nodes), OperationsPerClient = 30,
    };
}
