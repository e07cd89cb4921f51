using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>Makes the verbs that ask nodes over HTTP. Data goes to stdout, remarks for people to stderr.</summary>
internal static class NodeVerb
{
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="run">Does it; its result is the exit code.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    public static Command Create(string name, string description, Func<Visit, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else if (symbol is Option option) command.Add(option);
        }
        var cluster = new ClusterOptions();
        cluster.AddTo(command);
        command.SetAction((parsed, cancelled) => run(cluster.Open(parsed, cancelled)));
        return command;
    }

    /// <summary>Shows what the first node that answers says: as it is with --json, else as the table that is made of it.</summary>
    public static async Task<int> Show(Visit visit, string path, Action<JsonElement> write)
    {
        var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door)
        {
            var answer = await door.Get(path, visit.Cancelled);
            if (visit.WantsJson) Json.Write(answer);
            else write(answer);
            return ExitCode.Done;
        }
    }

    /// <summary>Has the first node that answers do something, and says what came of it.</summary>
    public static async Task<int> Do(Visit visit, HttpMethod method, string path, Func<JsonElement, string> words)
    {
        var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door) return Say(visit, await door.Send(method, path, visit.Cancelled), words);
    }

    public static int Say(Visit visit, JsonElement answer, Func<JsonElement, string> words)
    {
        if (visit.WantsJson) Json.Write(answer);
        else Console.WriteLine(words(answer));
        return ExitCode.Done;
    }

    /// <summary>Asks every node, and shows a row for each; exit code 1 when one does not answer.</summary>
    public static async Task<int> ShowAll(Visit visit, HttpMethod method, string path, params string[] fields)
    {
        var answers = await visit.Cluster.AskAll(method, path, visit.Cancelled);
        var whole = answers.All(answer => answer.Answer is not null);
        if (visit.WantsJson)
        {
            Json.Write(new { schema = 1, whole, nodes = answers.Select(answer => new { node = answer.Node.Name, answer = answer.Answer }) });
            return whole ? ExitCode.Done : ExitCode.Failed;
        }
        var table = new TextTable(["node", "state", .. fields.Select(field => field.Replace('_', ' '))]);
        foreach (var (node, answer) in answers)
            table.Add([node.Name, answer is null ? "no answer" : "up", .. fields.Select(field => answer is { } said ? said.Text(field) : "")]);
        table.Write(Console.Out);
        return whole ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>A remark for whoever sits there.</summary>
    public static void Remark(string text) => Console.Error.WriteLine(text);
}
