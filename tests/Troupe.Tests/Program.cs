using System.Globalization;
using Troupe.Simulation;
using Troupe.Tests.Simulation;

namespace Troupe.Tests;

/// <summary>
/// What a child process of the determinism specs runs: one scenario with one seed; it prints the trace hash. The test runner never
/// comes here.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not [var name, var seed] || !Scenarios.All.TryGetValue(name, out var scenario))
        {
            Console.Error.WriteLine($"usage: Troupe.Tests SCENARIO SEED, where SCENARIO is {string.Join(" or ", Scenarios.All.Keys)}");
            return 2;
        }
        var options = SimulationOptions.Draw(ulong.Parse(seed, CultureInfo.InvariantCulture), name) with { OwnsProcess = true };
        Console.WriteLine(scenario(options).ToString("x16", CultureInfo.InvariantCulture));
        return 0;
    }
}
