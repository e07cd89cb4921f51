namespace KvStore.Core.Tests.Simulation;

/// <summary>
/// Defects of the machinery that moves partitions, switched on one at a time: the general checkers of the simulator notice each, with
/// no scenario written for it. Those of strong keys, the ring log and streams are in the specs of their own worlds.
/// </summary>
public sealed class PlantedRingBugsSpec
{
    [Theory]
    [InlineData(nameof(PlantedRingBugs.PhaseBeforeFence))]
    [InlineData(nameof(PlantedRingBugs.SnapshotBeforeFence))]
    public void A_planted_bug_is_caught(string bug)
    {
        var planted = Enum.Parse<PlantedRingBugs>(bug);
        var caught = Enumerable.Range(1, 10_000)
            .Select(seed => SimOptions.Draw(seed) with { RingBugs = planted, Moves = true, Strict = true, OperationsPerClient = 40 })
            .Any(options => SimulationSpec.Run(options).Count > 0);
        Assert.True(caught, $"{bug} went unnoticed");
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
