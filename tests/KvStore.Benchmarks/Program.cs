using KvStore.Benchmarks.Engine;

// Measurements, by name; each prints one JSON object a run with --json.
return args.FirstOrDefault() switch
{
    "engine" => EngineBenchOptions.NewCommand(EngineCommand.Run).Parse(args[1..]).Invoke(),
    "tables" => TablesCommand.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: bench engine --workload W ... | bench tables ... (--help tells more). Nothing was run.");
    return 2;
}
