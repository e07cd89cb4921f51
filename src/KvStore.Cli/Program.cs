using System.CommandLine;
using System.CommandLine.Help;
using KvStore.Cli.Commands;
using KvStore.Cli.Output;

namespace KvStore.Cli;

/// <summary>The verbs of kv. Exit codes: <see cref="ExitCode"/>.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var root = new Command("kv", "A Dynamo-style key-value store that lives in an Akka cluster.")
        {
            new HelpOption(),
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            NodeCommand.Create(),
        };
        Command[] others =
        [
            .. RingCommands.Create(), .. MembershipCommands.Create(), TransfersCommand.Create(), .. WhereCommands.Create(), .. DataCommands.Create(),
            BucketCommands.Create(), .. HealingCommands.Create(), ConsoleCommand.Create(), .. InspectionCommands.Create(), RecoverCommand.Create(),
            ScriptVerbs.Test(), ScriptVerbs.Bench(), ScriptVerbs.Sim(), CertCommand.Create(),
        ];
        foreach (var command in others) root.Add(command);
        try
        {
            var parsed = root.Parse(WithHelp(args));
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            // At the console Ctrl-C calls off what was typed last, and no more.
            if (parsed.CommandResult.Command.Name == ConsoleCommand.Name) invocation.ProcessTerminationTimeout = null;
            var exit = await parsed.InvokeAsync(invocation);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : exit;
        }
        catch (CliException problem)
        {
            await Console.Error.WriteLineAsync($"kv: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("kv: stopped before an answer came; what was asked for may or may not be done.");
            return ExitCode.Unknown;
        }
    }

    /// <summary>"kv", "kv help" and "kv help VERB" are what --help is.</summary>
    private static string[] WithHelp(string[] args) => args switch
    {
        [] => ["--help"],
        ["help", .. var verb] => [.. verb, "--help"],
        _ => args,
    };
}
