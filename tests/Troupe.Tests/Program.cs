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
        if (arguments is not [var name, var seed] || Scenarios.Named(name) is not { } scenario)
        {
            Console.Error.WriteLine($"usage: Troupe.Tests SCENARIO SEED, where SCENARIO is {string.Join(" or ", Scenarios.All.Keys)}");
            return 2;
        }
        try
        {
            Console.WriteLine(Run(name, seed, scenario));
            return 0;
        }
        catch (SimulationException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static string Run(string name, string seed, Func<SimulationOptions, ulong> scenario)
    {
        var options = SimulationOptions.Draw(ulong.Parse(seed, CultureInfo.InvariantCulture), name) with { OwnsProcess = true };
        return scenario(options).ToString("x16", CultureInfo.InvariantCulture);
    }
}
