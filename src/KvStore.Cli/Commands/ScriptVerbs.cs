using System.CommandLine;

namespace KvStore.Cli.Commands;

/// <summary>
/// Verbs that the ./kv script carries out itself, because what they run is built apart from the CLI. They stand here so that --help
/// lists everything there is.
/// </summary>
internal static class ScriptVerbs
{
    public static Command Test() => ScriptOnly("test", "Run the test suite: ./kv test [--fast|--long] [PROJECT...].");

    public static Command Bench() => ScriptOnly("bench", "Measure: ./kv bench actors|engine|core [--json] ...; ./kv bench --help lists the options.");

    public static Command Sim() => ScriptOnly("sim", "Run simulated clusters with faults: ./kv sim [--seed S] [--count N] [--scenario NAME].");

    private static Command ScriptOnly(string name, string description)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(Refuse);
        return command;

        int Refuse(ParseResult _) => throw new CliException(ExitCode.Usage,
            $"'{name}' works from a checkout only: run ./kv {name} in the repository. Nothing was run.");
    }
}
