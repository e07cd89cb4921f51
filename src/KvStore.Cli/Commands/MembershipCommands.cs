using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>
/// Verbs that stage a change of who is in the ring: join, leave, remove, replace. Nothing moves before kv commit.
/// </summary>
internal static class MembershipCommands
{
    private const string NotYet = "nothing moves yet: kv plan shows what would, kv commit begins";
    private static readonly TimeSpan AskedWithin = TimeSpan.FromSeconds(60);

    public static IEnumerable<Command> Create() =>
    [
        NodeVerb.Create("join", "Start one more node on this machine, which asks to be let in.", Join),
        Stage("leave", "A living node hands everything over and goes."),
        Stage("remove", "A node that is lost for good goes; the others fill in for it."),
        Replace(),
    ];

    private static Command Stage(string verb, string description)
    {
        var node = NodeArgument();
        return NodeVerb.Create(verb, $"{description} Staged; kv commit begins.", async visit =>
        {
            var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
            using (door)
            {
                var id = visit.Cluster.IdOf(visit.Parsed.GetValue(node)!, await door.Get("/v1/ring", visit.Cancelled));
                var answer = await door.Send(HttpMethod.Post, $"/v1/ring/{verb}?id={id}", visit.Cancelled);
                return NodeVerb.Say(visit, answer, _ => $"staged: {verb} {visit.Cluster.NameOf(id)} ({id}); {NotYet}");
            }
        }, node);
    }

    private static Command Replace()
    {
        var lost = NodeArgument();
        var by = new Option<string?>("--by") { Description = "a node that has asked to join (default: one is started on this machine)" };
        return NodeVerb.Create("replace", "A new node takes exactly a lost one's place. Staged; kv commit begins.", async visit =>
        {
            var (door, status) = await visit.Cluster.AnyNode(visit.Cancelled);
            using (door)
            {
                var ring = await door.Get("/v1/ring", visit.Cancelled);
                var id = visit.Cluster.IdOf(visit.Parsed.GetValue(lost)!, ring);
                var newcomer = visit.Parsed.GetValue(by) is { } named
                    ? visit.Cluster.IdOf(named, ring)
                    : (await StartNewcomer(visit, door, status)).Id;
                var answer = await door.Send(HttpMethod.Post, $"/v1/ring/replace?id={id}&by={newcomer}", visit.Cancelled);
                return NodeVerb.Say(visit, answer, _ => $"staged: replace {visit.Cluster.NameOf(id)} ({id}) by {newcomer}; {NotYet}");
            }
        }, lost, by);
    }

    private static async Task<int> Join(Visit visit)
    {
        var (door, status) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door)
        {
            var node = await StartNewcomer(visit, door, status);
            if (visit.WantsJson) Json.Write(new { schema = 1, outcome = "done", node = node.Index, node_id = node.Id, pid = node.Pid });
            else Console.WriteLine($"staged: join {node.Index} ({node.Id}), which runs and waits to be let in; {NotYet}");
            return ExitCode.Done;
        }
    }

    /// <summary>Starts a node that asks the given one to be let in, and returns when that has staged it. A start that fails leaves nothing behind.</summary>
    private static async Task<LocalNode> StartNewcomer(Visit visit, NodeDoor door, JsonElement status)
    {
        var directory = visit.Cluster.Directory;
        var layout = visit.Cluster.Layout is null ? null : directory.Load();
        if (layout is null)
            throw new CliException(
                ExitCode.Usage,
                "a node is started on this machine only beside the ones that kv up made here; nothing was done. Elsewhere, start it there with "
                + "kv node --config FILE, where kv-store.cluster.seeds names a member's HOST:PORT; kv ring shows when it has asked.");
        var address = status.GetProperty("address").GetString()!;
        layout = layout.WithNewcomer(address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..], out var newcomer);
        directory.WriteNodeFiles(layout);
        newcomer = NodeProcess.Start(directory, newcomer, init: false);
        directory.Save(layout.With(newcomer));
        try
        {
            await WaitUntilStaged(directory, newcomer, door, visit.Cancelled);
            return newcomer;
        }
        catch
        {
            NodeProcess.Stop(newcomer, TimeSpan.FromSeconds(5));
            directory.Save(layout.Without(newcomer));
            System.IO.Directory.Delete(directory.NodeFolder(newcomer), recursive: true);
            throw;
        }
    }

    private static async Task WaitUntilStaged(ClusterDirectory directory, LocalNode node, NodeDoor door, CancellationToken cancelled)
    {
        var waited = Stopwatch.StartNew();
        var words = $"join {node.Id[..8]}";
        while (waited.Elapsed < AskedWithin)
        {
            var ring = await door.Get("/v1/ring", cancelled);
            if (ring.Items("staged").Any(change => change.GetString()!.StartsWith(words, StringComparison.Ordinal))) return;
            if (!NodeProcess.IsRunning(node))
                throw new CliException(ExitCode.Failed,
                    $"node {node.Index} ended before it had asked to be let in; nothing was changed. Its log:\n{NodeProcess.LogTail(directory, node)}");
            await Task.Delay(100, cancelled);
        }
        throw new CliException(ExitCode.Failed,
            $"node {node.Index} did not get to ask {door.Place} in {AskedWithin.TotalSeconds} s and was stopped; nothing was changed. Its log:\n"
            + NodeProcess.LogTail(directory, node));
    }

    private static Argument<string> NodeArgument() =>
        new("node") { Description = "its number in kv status, its id, or four or more digits of that" };
}
