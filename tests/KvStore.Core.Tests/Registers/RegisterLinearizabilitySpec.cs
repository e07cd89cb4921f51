using KvStore.Core.Tests.Checking;

namespace KvStore.Core.Tests.Registers;

/// <summary>Strong keys under loss, doubling, reordering and the replacement of an acceptor, judged by the general checker.</summary>
public sealed class RegisterLinearizabilitySpec
{
    private const int Seeds = 500;

    [Fact]
    public void Every_history_of_a_strong_key_is_linearizable()
    {
        var calls = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = Run(seed, PlantedRingBugs.None);
            calls += world.History.Count(call => !call.IsUnknown);
            Assert.True(Verdict(world) == LinearizabilityVerdict.Linearizable, $"seed {seed}");
        }

        Assert.True(calls > Seeds * 15, $"only {calls} operations came to an end");
    }

    [Theory]
    [InlineData(nameof(PlantedRingBugs.PromiseForgotten))]
    [InlineData(nameof(PlantedRingBugs.AcceptedValueIgnored))]
    [InlineData(nameof(PlantedRingBugs.RequestIdForgotten))]
    [InlineData(nameof(PlantedRingBugs.OneElectorateWhileMoving))]
    [InlineData(nameof(PlantedRingBugs.ReadNewBeforeReaffirmed))]
    public void A_planted_bug_is_caught(string bug)
    {
        var planted = Enum.Parse<PlantedRingBugs>(bug);
        var caught = Enumerable.Range(0, 20 * Seeds).Any(seed => Verdict(Run(seed, planted)) == LinearizabilityVerdict.Violation);
        Assert.True(caught, $"{bug} went unnoticed");
    }

    private static RegisterWorld Run(int seed, PlantedRingBugs bugs)
    {
        var world = new RegisterWorld(seed, bugs);
        world.Run();
        return world;
    }

    private static LinearizabilityVerdict Verdict(RegisterWorld world) => WglChecker.Check(world.History);
}
