using Xunit.Abstractions;

namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// Defects of the machinery that moves partitions, switched on one at a time: the general checkers of the simulator notice each, with
/// no scenario written for it. Those of strong keys, the ring log and streams are in the specs of their own worlds.
/// </summary>
public sealed class PlantedRingBugsSpec(ITestOutputHelper output)
{
    /// <summary>
    /// For two seconds at most an owner that is cut off goes on with an older phase: much has to be asked and written in that time.
    /// </summary>
    [Fact]
    public void A_phase_that_begins_before_all_have_fenced_the_one_before_is_caught() =>
        Caught(nameof(PlantedRingBugs.PhaseBeforeFence), Busy);

    [Theory]
    [InlineData(nameof(PlantedRingBugs.SnapshotBeforeFence))]
    [InlineData(nameof(PlantedRingBugs.HandedOverBeforeDurable))]
    public void A_defect_of_moves_is_caught(string bug) =>
        Caught(bug, options => options with { Moves = true, Strict = true, OperationsPerClient = 40 });

    [Theory]
    [InlineData(nameof(PlantedRingBugs.HintDroppedWhenSent))]
    [InlineData(nameof(PlantedRingBugs.ExpiredHintForgotten))]
    public void A_defect_of_hints_is_caught(string bug) => Caught(bug, options => options);

    [Theory]
    [InlineData(nameof(PlantedRingBugs.OneElectorateWhileMoving))]
    [InlineData(nameof(PlantedRingBugs.ReadNewBeforeReaffirmed))]
    [InlineData(nameof(PlantedRingBugs.PromiseForgotten))]
    [InlineData(nameof(PlantedRingBugs.AcceptedValueIgnored))]
    [InlineData(nameof(PlantedRingBugs.RequestIdForgotten))]
    public void A_defect_of_strong_keys_is_caught(string bug) =>
        Caught(bug, options => options with { Strong = true, Moves = true, OperationsPerClient = 1, Nodes = Math.Max(4, options.Nodes) });

    /// <summary>Rings that become known late on one side of a split: else an old epoch is met once in some ten thousand runs.</summary>
    [Fact]
    public void That_a_strong_key_takes_an_old_epoch_is_caught() => Caught(nameof(PlantedRingBugs.StaleEpochAccepted), options => options with
    {
        Strong = true, Moves = true, Strict = true, Partitions = true, Crashes = false, Wipes = false, Damage = false, RingLag = 30_000,
        Clients = 1, OperationsPerClient = 1, Nodes = Math.Max(6, options.Nodes),
    });

    /// <summary>What makes those defects likely breaks nothing by itself.</summary>
    [Fact]
    public void Without_a_defect_nothing_is_found() => Assert.All(Enumerable.Range(1, 1_000).AsParallel(), seed =>
        Assert.Empty(SimulationSpec.Run(SimOptions.Draw(seed) with { Strong = true, Moves = true, Strict = true, Nodes = 5, OperationsPerClient = 40 })));

    [Fact]
    public void Without_a_defect_nothing_is_found_however_busy_the_owners_are() => Assert.All(Enumerable.Range(1, 300).AsParallel(), seed =>
        Assert.Empty(SimulationSpec.Run(Busy(SimOptions.Draw(seed)))));

    private static SimOptions Busy(SimOptions options) => options with
    {
        Moves = true, Strict = true, Partitions = true, Crashes = false, Wipes = false, Damage = false, Loss = 0.15,
        Hot = true, Keys = 1, Clients = 4, Nodes = 5, OperationsPerClient = 150, LoadMilliseconds = 3,
    };

    private void Caught(string bug, Func<SimOptions, SimOptions> change)
    {
        var planted = Enum.Parse<PlantedRingBugs>(bug);
        string? caught = null;
        Parallel.For(1, 20_001, (seed, loop) =>
        {
            var found = SimulationSpec.Run(change(SimOptions.Draw(seed)) with { RingBugs = planted });
            if (found.Count == 0)
                return;
            Interlocked.CompareExchange(ref caught, $"seed {seed}: {found[0]}", null);
            loop.Stop();
        });
        Assert.True(caught is not null, $"{bug} went unnoticed");
        output.WriteLine($"{bug}: {caught}");
    }

    /// <summary>The next phase, and the stream's snapshot, must wait for calls that were let in before the fence.</summary>
    [Fact]
    public void A_fence_that_does_not_wait_for_what_is_under_way_is_caught()
    {
        var caught = Enumerable.Range(1, 20_000).Select(Draw).AsParallel().Any(options => SimulationSpec.Run(options).Count > 0);
        Assert.True(caught, "it went unnoticed");

        static SimOptions Draw(int seed) => SimOptions.Draw(seed) with
        {
            Bugs = PlantedBugs.FenceNotDrained, Moves = true, Strict = true, Crashes = false, OperationsPerClient = 40, Clients = 4,
            LoadMilliseconds = 3_000, Loss = 0.15, Keys = 2, Nodes = 5, Wipes = false, Damage = false,
        };
    }
}
