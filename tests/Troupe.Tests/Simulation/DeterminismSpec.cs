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
        var hashes = Enumerable.Range(1, 3).Select(seed => run(SimulationOptions.Draw((ulong)seed, scenario))).ToArray();
        Assert.Equal(hashes, Enumerable.Range(1, 3).Select(seed => run(SimulationOptions.Draw((ulong)seed, scenario))));
        Assert.Equal(3, hashes.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Two_processes_take_the_same_steps(string scenario)
    {
        const ulong Seed = 42;
        var here = Scenarios.All[scenario](SimulationOptions.Draw(Seed, scenario));
        var there = await Task.WhenAll(RunInProcess(scenario, Seed), RunInProcess(scenario, Seed));
        Assert.All(there, result => Assert.Equal((0, here.ToString("x16", CultureInfo.InvariantCulture), ""), result));
    }

    [Fact]
    public async Task Where_the_process_is_the_simulations_work_on_the_thread_pool_fails_the_run()
    {
        var (exitCode, _, error) = await RunInProcess(nameof(Scenarios.Escape), 1);
        Assert.Equal(1, exitCode);
        Assert.Contains("on the thread pool during the run", error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunInProcess(string scenario, ulong seed)
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
        return (process.ExitCode, output.Trim(), (await error).Trim());
    }
}
