using Akka.Cluster.Membership;
using Troupe.Simulation;

namespace Troupe.Tests.Clustering;

public sealed class ChaosSpec
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("KV_TEST_LONG") == "1";

    /// <summary>First and last seed of each slice: 1,000 seeds in the long form.</summary>
    public static TheoryData<int, int> Seeds
    {
        get
        {
            var slices = new TheoryData<int, int>();
            for (var first = 1; first <= (Long ? 1000 : 1); first += 50)
                slices.Add(first, first + (Long ? 49 : 39));
            return slices;
        }
    }

    public static TheoryData<string> AllBugs => [.. Enum.GetNames<ClusterBugs>().Where(name => name != nameof(ClusterBugs.None))];

    private static SimulationOptions Options(ulong seed) => SimulationOptions.Draw(seed, "cluster");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_the_living_agree_in_the_end(int first, int last)
    {
        for (var seed = first; seed <= last; seed++)
            ChaosRun.Run(Options((ulong)seed));
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
