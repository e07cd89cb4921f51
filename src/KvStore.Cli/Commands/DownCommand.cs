using System.CommandLine;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>kv down: stops the nodes that kv up started, and leaves their data.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var data = DataOption.Create();
        var json = new Option<bool>("--json") { Description = "how many, as one JSON object" };
        var command = new Command("down", "Stop the cluster on this machine; its data stays.") { data, json };
        command.SetAction(parsed =>
        {
            var directory = ClusterDirectory.At(parsed.GetValue(data));
            var cluster = directory.Load()
                ?? throw new CliException(ExitCode.NothingThere,
                    $"there is no cluster in {directory.Path}; nothing was stopped. ./kv up makes one.");
            StopAll(directory, cluster, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    public static void StopAll(ClusterDirectory directory, ClusterLayout cluster, bool json = false)
    {
        var running = cluster.Nodes.Where(NodeProcess.IsRunning).ToList();
        foreach (var node in running) NodeProcess.AskToStop(node);
        foreach (var node in running)
            if (!NodeProcess.Stop(node, Patience))
                Console.Error.WriteLine($"kv: node {node.Index} did not stop in {Patience.TotalSeconds} s and was killed.");
        directory.Save(cluster.Stopped());
        if (json) Json.Write(new { schema = 1, stopped = running.Count });
        else Console.WriteLine(running.Count == 0 ? "no node was running" : $"{running.Count} nodes stopped");
    }
}
