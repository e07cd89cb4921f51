using System.CommandLine;
using KvStore.Cli.Commands;
using KvStore.Cli.Output;

namespace KvStore.Cli;

/// <summary>The verbs of kv. Exit codes: 0 done, 1 not done or unhealthy, 2 wrong usage, 3 nothing answers there.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("A Dynamo-style key-value store that lives in an Akka cluster.")
        {
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            NodeCommand.Create(),
            ScriptVerbs.Test(),
            ScriptVerbs.Bench(),
            ScriptVerbs.Sim(),
        };
        foreach (var command in InspectionCommands.Create()) root.Add(command);
        try
        {
            var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
            var exit = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? ExitCode.Usage : exit;
        }
        catch (CliException problem)
        {
            await Console.Error.WriteLineAsync($"kv: {problem.Message}");
            return problem.ExitCode;
        }
    }
}
