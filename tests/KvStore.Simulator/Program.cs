using System.Diagnostics;
using System.Globalization;
using KvStore.Simulator.Scenarios;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>kv sim: whole clusters with faults, each from a seed. Exit codes: 0 all right, 1 a violation, 2 wrong usage.</summary>
public static class Program
{
    private const string Usage = """
        usage: kv sim [--seed S] [--count N] [--scenario NAME] [--trace]
          --seed S         the first seed (default 1; 0x... for hexadecimal)
          --count N        how many seeds (default 1)
          --scenario NAME  one scenario (default: each in turn)
          --trace          print every step
        """;

    public static int Main(string[] args)
    {
        ulong seed = 1;
        var (count, trace, scenarios) = (1, false, Scenario.All);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--seed" when TrySeed(value, out seed): i++; break;
                case "--count" when int.TryParse(value, out count) && count > 0: i++; break;
                case "--scenario" when Scenario.Named(value) is { } named: scenarios = [named]; i++; break;
                case "--trace": trace = true; break;
                default: return WrongUsage(args[i], value);
            }
        }
        return Run(seed, count, scenarios, trace);
    }

    private static int Run(ulong seed, int count, IReadOnlyList<Scenario> scenarios, bool trace)
    {
        var (failures, operations, virtualTime, real) = (0, 0L, TimeSpan.Zero, Stopwatch.StartNew());
        for (var i = 0; i < count; i++)
        {
            foreach (var scenario in scenarios)
            {
                try
                {
                    var result = ClusterSimulation.Run(scenario, seed + (ulong)i, trace ? Console.Out : null);
                    operations += result.History.Operations.Count;
                    virtualTime += result.VirtualTime;
                    if (count == 1) Console.WriteLine($"{scenario.Name}: {result.Steps} steps, trace {result.TraceHash:x16}");
                    if (result.Violations.Count == 0) continue;
                    Console.WriteLine($"{string.Join('\n', result.Violations.Take(5))}\n  options: {result.Options}");
                    Console.WriteLine($"  replay:  ./kv sim --seed 0x{seed + (ulong)i:x16} --scenario {scenario.Name}");
                }
                catch (SimulationException problem)
                {
                    Console.WriteLine(problem.Message);
                }
                failures++;
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count * scenarios.Count} runs, {failures} failed, {operations} operations, "
            + $"{virtualTime.TotalHours:0.00} h of virtual time in {real.Elapsed.TotalSeconds:0.0} s"));
        return failures == 0 ? 0 : 1;
    }

    private static bool TrySeed(string text, out ulong seed) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out seed)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);

    private static int WrongUsage(string argument, string value)
    {
        Console.Error.WriteLine($"kv sim: '{argument} {value}' is not understood; nothing was run");
        Console.Error.WriteLine($"scenarios: {string.Join(", ", Scenario.All.Select(scenario => $"{scenario.Name} ({scenario.Description})"))}");
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
