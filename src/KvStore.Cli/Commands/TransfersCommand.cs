using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;
using Spectre.Console;

namespace KvStore.Cli.Commands;

/// <summary>kv transfers: which partitions are on their way; with --watch until none is, as a progress bar on a terminal.</summary>
internal static class TransfersCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var watch = new Option<bool>("--watch") { Description = "go on until everything has moved" };
        return NodeVerb.Create("transfers", "Which partitions are on their way, and between whom.", async visit =>
        {
            if (!visit.Parsed.GetValue(watch)) return await Show(visit);
            var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
            using (door) return await Watch(visit, door);
        }, watch);
    }

    /// <summary>Returns when the ring is at rest.</summary>
    public static async Task<int> Watch(Visit visit, NodeDoor door)
    {
        if (Console.IsErrorRedirected || visit.WantsJson) await WatchPlain(visit, door);
        else await WatchBar(visit, door);
        var ring = await door.Get("/v1/ring", visit.Cancelled);
        if (visit.WantsJson) Json.Write(new { schema = 1, epoch = ring.Text("epoch"), changing = false });
        else Console.WriteLine($"the ring is {ring.Text("epoch")}, and at rest");
        return ExitCode.Done;
    }

    private static async Task<int> Show(Visit visit)
    {
        var answers = await visit.Cluster.AskAll(HttpMethod.Get, "/v1/ring/transfers", visit.Cancelled);
        var whole = answers.All(answer => answer.Answer is not null);
        if (visit.WantsJson)
        {
            Json.Write(new { schema = 1, whole, nodes = answers.Select(answer => new { node = answer.Node.Name, answer = answer.Answer }) });
            return whole ? ExitCode.Done : ExitCode.Failed;
        }
        var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door) NodeVerb.Remark(Words(await door.Get("/v1/ring", visit.Cancelled)));
        var table = new TextTable("node", "does", "partition", "to");
        foreach (var (node, answer) in answers)
        {
            if (answer is not { } said)
            {
                table.Add(node.Name, "no answer", "", "");
                continue;
            }
            foreach (var partition in said.Items("filling")) table.Add(node.Name, "is filled", partition.ToString(), node.Name);
            foreach (var stream in said.Items("sending"))
                table.Add(node.Name, "sends", stream.Text("partition"), visit.Cluster.NameOf(stream.Text("to")));
        }
        table.Write(Console.Out);
        return whole ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task WatchPlain(Visit visit, NodeDoor door)
    {
        var said = "";
        while (await Look(visit, door) is { } ring)
        {
            var words = Words(ring);
            if (words != said) NodeVerb.Remark(words);
            said = words;
        }
    }

    private static Task WatchBar(Visit visit, NodeDoor door)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("moving");
                while (await Look(visit, door) is { } ring)
                {
                    var (moved, moving, waiting) = (ring.Number("moved"), ring.Number("moving"), ring.Number("waiting"));
                    bar.MaxValue = Math.Max(1, moved + moving + waiting);
                    bar.Value = moved;
                    bar.Description = $"{moved} of {moved + moving + waiting} partitions moved, {moving} on their way";
                }
                bar.Value = bar.MaxValue;
            });
    }

    /// <summary>The ring after a while; null once it is at rest.</summary>
    private static async Task<JsonElement?> Look(Visit visit, NodeDoor door)
    {
        await Task.Delay(LookEvery, visit.Cancelled);
        var ring = await door.Get("/v1/ring", visit.Cancelled);
        return ring.Is("changing") ? ring : null;
    }

    private static string Words(JsonElement ring) => ring.Is("changing")
        ? $"ring {ring.Text("epoch")}: {ring.Text("moved")} partitions moved, {ring.Text("moving")} on their way, {ring.Text("waiting")} waiting"
        : $"ring {ring.Text("epoch")}: at rest, nothing moves";
}
