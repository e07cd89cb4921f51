using System.Diagnostics;
using System.Globalization;
using Troupe.Simulation;

namespace Troupe.Tests.Simulation;

public sealed class DeterminismSpec
{
    public static TheoryData<string> Names => [.. Scenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_takes_the_same_steps_and_another_seed_others(string scenario)
    {
        var run = Scenarios.All[scenario];
        var hashes = Enumerable.Range(1, 5).Select(seed => run(SimulationOptions.Draw((ulong)seed, scenario))).ToArray();
        Assert.Equal(hashes, Enumerable.Range(1, 5).Select(seed => run(SimulationOptions.Draw((ulong)seed, scenario))));
        Assert.Equal(5, hashes.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Two_processes_take_the_same_steps(string scenario)
    {
        const ulong Seed = 42;
        var here = Scenarios.All[scenario](SimulationOptions.Draw(Seed, scenario));
        var there = await Task.WhenAll(RunInProcess(scenario, Seed), RunInProcess(scenario, Seed));
        Assert.All(there, printed => Assert.Equal(here.ToString("x16", CultureInfo.InvariantCulture), printed));
    }

    private static async Task<string> RunInProcess(string scenario, ulong seed)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet,
            ["exec", typeof(Program).Assembly.Location, scenario, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output.Trim();
    }
}
