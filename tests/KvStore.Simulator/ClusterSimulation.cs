using KvStore.Core;
using KvStore.Simulator.Histories;
using KvStore.Simulator.Scenarios;
using Troupe.Simulation;

namespace KvStore.Simulator;

/// <summary>Runs one scenario from one seed: clients and faults together, then heal, then read everything, then check.</summary>
public static class ClusterSimulation
{
    private const int Clients = 4;
    private const int Keys = 5;
    private const int OperationsPerClient = 40;
    private const long MostSteps = 5_000_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    /// <summary>Far above what a run takes that ends, which is a minute or two.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <exception cref="SimulationException">
    /// The run itself failed, or has no end; the message says what it waited for, and has the line that repeats it.
    /// </exception>
    public static SimulationResult Run(Scenario scenario, ulong seed, TextWriter? trace = null) => Run(scenario, seed, PlantedBugs.None, trace);

    internal static SimulationResult Run(
        Scenario scenario, ulong seed, PlantedBugs bugs, TextWriter? trace = null, TimeSpan? longest = null)
    {
        var options = SimulationOptions.Draw(seed, scenario.Name) with
        {
            ReplayLine = "./kv sim --seed {seed} --scenario {scenario}",
            MaxSteps = MostSteps,
            Trace = trace,
        };
        using var world = new World(options);
        var cluster = new SimulatedCluster(world, scenario.Nodes, bugs, scenario.Settings, scenario.Buckets);
        var clients = new Clients(world, cluster, Clients, Keys, scenario.HasDeletes);
        var strong = scenario.Buckets is null ? null : new RegisterClients(world, cluster, Clients, Keys);
        var (healed, violations) = (TimeSpan.Zero, new List<string>());
        world.Run(() => Bounded(world, cluster, longest ?? Longest, async () =>
        {
            await cluster.StartAll();
            var faults = scenario.Faults(world, cluster);
            await Task.WhenAll(clients.Run(OperationsPerClient), strong?.Run(OperationsPerClient) ?? Task.CompletedTask);
            await faults;
            cluster.HealAll();
            await world.Delay(Settle);
            healed = world.Now;
            await clients.ReadEverything();
            if (strong is not null) await strong.ReadEverything();
            if (scenario.Heals) violations.AddRange(await Convergence.Check(world, cluster, clients.AllKeys));
        }));
        violations.AddRange(HistoryChecker.Check(clients.History, scenario.IsSloppy ? healed : TimeSpan.Zero));
        violations.AddRange(RegisterChecker.Check(strong?.History ?? []));
        if (strong?.History.TrueForAll(call => call.Value is null) == true) violations.Add("no operation on a strong key was answered");
        return new SimulationResult(options, clients.History, violations, world.Now, world.Steps, world.TraceHash);
    }

    /// <summary>A run that does not end is a failure that says what it waited for.</summary>
    private static async Task Bounded(World world, SimulatedCluster cluster, TimeSpan longest, Func<Task> scenario)
    {
        var run = scenario();
        if (await Task.WhenAny(run, world.Delay(longest)) != run)
            throw world.Failed($"the run has not ended after {longest}: it waits for {cluster.Waits}");
        await run;
    }
}
