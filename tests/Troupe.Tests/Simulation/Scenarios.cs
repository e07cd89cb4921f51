using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

/// <summary>Whole simulated runs that specs repeat, here or in processes of their own. Each answers its trace hash.</summary>
internal static class Scenarios
{
    public static readonly SortedDictionary<string, Func<SimulationOptions, ulong>> All = new(StringComparer.Ordinal)
    {
        ["streams"] = StreamChatter.Run,
    };
}
