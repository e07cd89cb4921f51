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
}
