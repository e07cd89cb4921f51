using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>
/// kv status: what each node of the local cluster says of itself; with --node what that one says of itself and of the others. Exit code 1 when any
/// that is a member does not answer, or is out of that node's reach.
/// </summary>
internal static class StatusCommand
{
    public static Command Create() => NodeVerb.Create(
        "status", "Members, reachability, ring epoch and runtime.", visit => visit.Cluster.Layout is null ? OfNamed(visit) : OfLocal(visit));

    private static async Task<int> OfLocal(Visit visit)
    {
        var answers = await visit.Cluster.AskAll(HttpMethod.Get, "/v1/status", visit.Cancelled);
        var healthy = answers.All(answer => answer.Answer is not null || !answer.Node.Local!.IsAdmitted);
        if (visit.WantsJson)
        {
            var nodes = answers.Select(a => new { index = a.Node.Local!.Index, up = a.Answer is not null, status = a.Answer });
            Json.Write(new { schema = 1, healthy, nodes });
            return healthy ? ExitCode.Done : ExitCode.Failed;
        }
        var table = NewTable();
        foreach (var (node, status) in answers)
            if (status is { } s) AddUp(table, node.Name, s);
            else AddDown(table, node.Name, StateOf(node.Local!), node.Local!.Id, $"127.0.0.1:{node.Local.RemotingPort}");
        table.Write(Console.Out);
        return healthy ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> OfNamed(Visit visit)
    {
        var (door, status) = await visit.Cluster.AnyNode(visit.Cancelled);
        door.Dispose();
        var healthy = status.Items("members").All(member => member.Is("reachable"));
        if (visit.WantsJson)
        {
            Json.Write(new { schema = 1, healthy, nodes = new[] { new { node = door.Place, up = true, status } } });
            return healthy ? ExitCode.Done : ExitCode.Failed;
        }
        var table = NewTable();
        AddUp(table, door.Place, status);
        foreach (var member in status.Items("members").Where(member => member.Text("node_id") != status.Text("node_id")))
            AddDown(table, "", member.Is("reachable") ? "in reach" : "out of reach", member.Text("node_id"), member.Text("address"));
        table.Write(Console.Out);
        return healthy ? ExitCode.Done : ExitCode.Failed;
    }

    private static TextTable NewTable() => new("node", "state", "id", "remoting", "ring epoch", "partitions", "keys", "bytes", "runtime", "version");

    private static void AddUp(TextTable table, string name, JsonElement status) => table.Add(
        name, "up", status.Text("node_id"), status.Text("address"), status.Text("ring_epoch"), status.Text("partitions"), status.Text("keys"),
        status.Text("bytes"), status.Text("runtime"), status.Text("version"));

    private static void AddDown(TextTable table, string name, string state, string id, string address) =>
        table.Add(name, state, id, address, "", "", "", "", "", "");

    private static string StateOf(LocalNode node) => !node.IsAdmitted && NodeProcess.IsRunning(node) ? "asks to join" : "down";
}
