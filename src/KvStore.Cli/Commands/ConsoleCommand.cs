using System.CommandLine;
using System.Globalization;
using System.Net;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Shell;

namespace KvStore.Cli.Commands;

/// <summary>kv console: a node's operator console, as a shell or for one command.</summary>
internal static class ConsoleCommand
{
    public const string Name = "console";

    /// <summary>Where the password is, if the node wants one: an argument could be read by every process of the machine.</summary>
    private const string PasswordVariable = "KV_CONSOLE_PASSWORD";

    public static Command Create()
    {
        var words = new Argument<string[]>("command")
        {
            Description = "HOST:PORT of a node's console (default: the first node of the cluster on this machine), then a command; none: a shell",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var data = DataOption.Create();
        var command = new Command(Name, $"A node's operator console. If it wants a password: {PasswordVariable}.") { words, data };
        command.SetAction((parsed, cancelled) => Run(parsed.GetValue(words) ?? [], parsed.GetValue(data), cancelled));
        return command;
    }

    private static async Task<int> Run(string[] words, string? data, CancellationToken cancelled)
    {
        var isNamed = words.Length > 0 && IsPlace(words[0]);
        var place = isNamed ? words[0] : Default(ClusterDirectory.At(data));
        var typed = isNamed ? words[1..] : words;
        using var link = await ConsoleLink.Open(place, Environment.GetEnvironmentVariable(PasswordVariable) ?? "", cancelled);
        var shell = new ConsoleShell(link, place);
        if (typed.Length > 0) return await shell.RunOne(typed, cancelled);
        await Console.Error.WriteLineAsync($"connected to {place}, {link.Welcome.Host}; 'help' lists what this node can be asked, 'exit' leaves");
        return await shell.RunAll(cancelled);
    }

    private static string Default(ClusterDirectory directory) => directory.Load()?.Active.FirstOrDefault() is { } first
        ? $"127.0.0.1:{first.ConsolePort}"
        : throw new CliException(
            ExitCode.NothingThere,
            $"there is no cluster in {directory.Path}; nothing was done. ./kv up makes one; ./kv console HOST:PORT names another's node.");

    private static bool IsPlace(string word)
    {
        var colon = word.LastIndexOf(':');
        return colon > 0 && int.TryParse(word[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort;
    }
}
