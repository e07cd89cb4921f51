using System.Diagnostics;
using KvStore.Core;
using KvStore.Simulator.Scenarios;
using Troupe.Simulation;

namespace KvStore.Simulator.Tests;

public sealed class ClusterSimulationSpec
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("KV_TEST_LONG") is null ? 12 : 500;

    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Whatever_fails_no_acknowledged_write_is_lost_and_nothing_is_invented(string name)
    {
        // A move of a whole ring takes ten times the steps of the others.
        var seeds = name.EndsWith("change", StringComparison.Ordinal) ? Seeds / 10 : Seeds;
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            var result = ClusterSimulation.Run(Scenario.Named(name)!, seed);
            Assert.True(result.Violations.Count == 0, $"{string.Join('\n', result.Violations)}\n./kv sim --seed {seed} --scenario {name}");
            Assert.NotEmpty(result.History.Writes);
            Assert.NotEmpty(result.History.Reads);
            if (name.EndsWith("change", StringComparison.Ordinal)) Assert.NotNull(result.History.Reads.Last().State);
        }
    }

    [Fact]
    public void A_run_that_does_not_end_fails_and_says_what_it_waits_for()
    {
        var endless = new Scenario("endless", "nobody ever joins", 3, (_, cluster) => cluster.CommitStaged(0, _ => false));
        var failure = Assert.Throws<SimulationException>(
            () => ClusterSimulation.Run(endless, 1, PlantedBugs.None, longest: TimeSpan.FromSeconds(30)));
        Assert.StartsWith("the run has not ended after 00:00:30: it waits for what is staged at n1 to be decided; n1 has 1.1, 3 members",
            failure.Message, StringComparison.Ordinal);
        Assert.Contains("./kv sim --seed", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The general checker, not tests made for them, finds what would lose data.</summary>
    [Theory]
    [InlineData(nameof(PlantedBugs.AckCountedTwice), "partition")]
    [InlineData(nameof(PlantedBugs.AckBeforeDurable), "outage")]
    [InlineData(nameof(PlantedBugs.EmptyReplicaVotes), "emptied")]
    [InlineData(nameof(PlantedBugs.MergeKeepsArriving), "crash")]
    public void A_planted_bug_is_caught(string bug, string scenario)
    {
        var caught = Enumerable.Range(1, 300)
            .Select(seed => ClusterSimulation.Run(Scenario.Named(scenario)!, (ulong)seed, Enum.Parse<PlantedBugs>(bug)))
            .FirstOrDefault(result => result.Violations.Any(violation => violation.StartsWith("lost write", StringComparison.Ordinal)));
        Assert.NotNull(caught);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_same_seed_takes_the_same_steps_and_another_seed_takes_others(string name)
    {
        var scenario = Scenario.Named(name)!;
        Assert.Equal(ClusterSimulation.Run(scenario, 7).TraceHash, ClusterSimulation.Run(scenario, 7).TraceHash);
        Assert.NotEqual(ClusterSimulation.Run(scenario, 7).TraceHash, ClusterSimulation.Run(scenario, 8).TraceHash);
    }

    [Fact]
    public void The_same_seed_takes_the_same_steps_in_two_processes()
    {
        var first = RunProcess();
        Assert.Contains("trace ", first, StringComparison.Ordinal);
        Assert.Equal(first, RunProcess());
    }

    /// <summary>The lines that name the traces; the last line tells real time, which differs.</summary>
    private static string RunProcess()
    {
        var simulator = typeof(ClusterSimulation).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [simulator, "--seed", "7"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return string.Join('\n', output.Split('\n').Where(line => line.Contains("trace", StringComparison.Ordinal)));
    }
}
