using Akka.Cluster.Membership;
using Troupe.Simulation;

namespace Troupe.Tests.Clustering;

public sealed class ChaosSpec
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1" ? 1000 : 40;

    public static TheoryData<string> AllBugs => [.. Enum.GetNames<ClusterBugs>().Where(name => name != nameof(ClusterBugs.None))];

    private static SimulationOptions Options(ulong seed) => SimulationOptions.Draw(seed, "cluster");

    [Fact]
    public void Whatever_happens_the_living_agree_in_the_end()
    {
        for (ulong seed = 1; seed <= (ulong)Seeds; seed++)
            ChaosRun.Run(Options(seed));
    }

    [Theory]
    [MemberData(nameof(AllBugs))]
    public void A_planted_bug_is_found(string bug)
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            try
            {
                ChaosRun.Run(Options(seed), Enum.Parse<ClusterBugs>(bug));
            }
            catch (SimulationException)
            {
                return;
            }
        }
        Assert.Fail($"no run of 40 has shown the planted bug {bug}");
    }
}
