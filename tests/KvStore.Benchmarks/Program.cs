using KvStore.Benchmarks.Engine;

// Measurements, by name; each prints one JSON object a run with --json.
return args.FirstOrDefault() switch
{
    "tables" => TablesCommand.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: bench tables [--num N] [--value-size BYTES]. Nothing was run.");
    return 2;
}
