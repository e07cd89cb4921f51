using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>kv status: what each node of the local cluster says of itself. Exit code 1 when any does not answer.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var json = new Option<bool>("--json") { Description = "one JSON object on stdout" };
        var command = new Command("status", "Members, reachability, ring epoch and runtime of the cluster on this machine.") { data, json };
        command.SetAction((parsed, cancelled) =>
        {
            var directory = ClusterDirectory.At(parsed.GetValue(data));
            var cluster = directory.Load()
                ?? throw new CliException(ExitCode.NothingThere, $"there is no cluster in {directory.Path}. ./kv up makes one.");
            return Run(cluster, parsed.GetValue(json), cancelled);
        });
        return command;
    }

    private static async Task<int> Run(ClusterLayout cluster, bool json, CancellationToken cancelled)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var answers = await Task.WhenAll(cluster.Nodes.Select(async node => (Node: node, Status: await Ask(http, node, cancelled))));
        var healthy = answers.All(a => a.Status is not null);

        if (json)
        {
            var nodes = answers.Select(a => new { index = a.Node.Index, up = a.Status is not null, status = a.Status });
            Console.WriteLine(JsonSerializer.Serialize(new { schema = 1, healthy, nodes }));
            return healthy ? ExitCode.Done : ExitCode.Failed;
        }

        var table = new TextTable("node", "state", "id", "remoting", "ring epoch", "partitions", "keys", "bytes", "runtime", "version");
        foreach (var (node, status) in answers)
            if (status is { } s)
                table.Add($"{node.Index}", "up", Text(s, "node_id"), Text(s, "address"), Text(s, "ring_epoch"), Text(s, "partitions"),
                    Text(s, "keys"), Text(s, "bytes"),
                    Text(s, "runtime"), Text(s, "version"));
            else table.Add($"{node.Index}", "down", node.Id, $"127.0.0.1:{node.RemotingPort}", "", "", "", "", "", "");
        table.Write(Console.Out);
        return healthy ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Text(JsonElement status, string name) => status.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static async Task<JsonElement?> Ask(HttpClient http, LocalNode node, CancellationToken cancelled)
    {
        try
        {
            return await http.GetFromJsonAsync<JsonElement>(new Uri($"http://127.0.0.1:{node.HttpPort}/v1/status"), cancelled);
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException
            || (problem is TaskCanceledException && !cancelled.IsCancellationRequested))
        {
            return null;
        }
    }
}
