using Akka.Cluster.Tools.Singleton;

namespace Troupe.Tests.ClusterTools;

/// <summary>Simulated clusters whose members leave and die: the singleton is never there twice.</summary>
public sealed class SingletonSimulationSpec
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1" ? 300 : 12;

    [Fact]
    public void There_are_never_two_singletons_at_once_and_one_in_the_end()
    {
        for (ulong seed = 1; seed <= (ulong)Seeds; seed++)
        {
            var broken = SingletonWorld.Run(seed);
            Assert.True(broken is null, $"seed {seed}: {broken}");
        }
    }

    [Theory]
    [InlineData(nameof(SingletonBugs.StartsWithoutHandOver))]
    [InlineData(nameof(SingletonBugs.SaysDoneTooEarly))]
    public void A_planted_bug_is_found(string bug)
    {
        var found = Enumerable.Range(1, Seeds).Any(seed =>
            SingletonWorld.Run((ulong)seed, Enum.Parse<SingletonBugs>(bug))?.Contains(SingletonWorld.Two, StringComparison.Ordinal) == true);

        Assert.True(found, $"{bug} was not found by {Seeds} seeds");
    }
}
