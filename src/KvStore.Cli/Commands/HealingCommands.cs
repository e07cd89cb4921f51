using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>Verbs about what every node does in the background, and what it takes: hints, anti-entropy, repair, stats.</summary>
internal static class HealingCommands
{
    public static IEnumerable<Command> Create() =>
    [
        NodeVerb.Create("hints", "What each node keeps for others that are away.", Hints),
        NodeVerb.Create("anti-entropy", "How far each node is with comparing its partitions with their other owners.", visit => NodeVerb.ShowAll(
            visit, HttpMethod.Get, "/v1/anti-entropy",
            "pairs", "equal", "differing", "failing", "done", "failed", "keys_sent", "keys_received", "tombstones", "reaped")),
        NodeVerb.Create("repair", "Have every node compare all its partitions with their other owners now; kv anti-entropy shows how far it is.", visit =>
            NodeVerb.ShowAll(visit, HttpMethod.Post, "/v1/repair", "pairs")),
        NodeVerb.Create("stats", "What each node has done since it started, and what it takes.", visit => NodeVerb.ShowAll(
            visit, HttpMethod.Get, "/v1/stats",
            "keys", "bytes", "tables", "requests", "writes", "log_syncs", "remote_messages", "remote_items", "redis_connections", "cache_hits",
            "cache_misses", "damage", "cpu_milliseconds", "memory_bytes")),
    ];

    private static async Task<int> Hints(Visit visit)
    {
        if (visit.WantsJson) return await NodeVerb.ShowAll(visit, HttpMethod.Get, "/v1/hints");
        var answers = await visit.Cluster.AskAll(HttpMethod.Get, "/v1/hints", visit.Cancelled);
        var table = new TextTable("node", "state", "hints", "bytes", "delivered", "given up", "for");
        foreach (var (node, answer) in answers)
            if (answer is { } said)
                table.Add(node.Name, "up", said.Text("hints"), said.Text("bytes"), said.Text("delivered"), said.Text("given_up"), Owners(visit, said));
            else table.Add(node.Name, "no answer", "", "", "", "", "");
        table.Write(Console.Out);
        return answers.All(answer => answer.Answer is not null) ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Owners(Visit visit, JsonElement hints) => string.Join(
        ' ', hints.Items("owners").Select(owner => $"{visit.Cluster.NameOf(owner.Text("node_id"))}:{owner.Text("hints")}"));
}
