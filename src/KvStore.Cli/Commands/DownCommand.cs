using System.CommandLine;
using KvStore.Cli.LocalCluster;

namespace KvStore.Cli.Commands;

/// <summary>kv down: stops the nodes that kv up started, and leaves their data.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var data = DataOption.Create();
        var command = new Command("down", "Stop the cluster on this machine; its data stays.") { data };
        command.SetAction(parsed =>
        {
            var directory = ClusterDirectory.At(parsed.GetValue(data));
            var cluster = directory.Load()
                ?? throw new CliException(ExitCode.NothingThere,
                    $"there is no cluster in {directory.Path}; nothing was stopped. ./kv up makes one.");
            StopAll(directory, cluster);
            return ExitCode.Done;
        });
        return command;
    }

    public static void StopAll(ClusterDirectory directory, ClusterLayout cluster)
    {
        var running = cluster.Nodes.Where(NodeProcess.IsRunning).ToList();
        foreach (var node in running) NodeProcess.AskToStop(node);
        foreach (var node in running)
            if (!NodeProcess.Stop(node, Patience))
                Console.Error.WriteLine($"kv: node {node.Index} did not stop in {Patience.TotalSeconds} s and was killed.");
        directory.Save(cluster.Stopped());
        Console.WriteLine(running.Count == 0 ? "no node was running" : $"{running.Count} nodes stopped");
    }
}
