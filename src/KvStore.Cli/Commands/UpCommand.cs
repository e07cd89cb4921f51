using System.CommandLine;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>kv up: a cluster of node processes on this machine.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var nodes = new Option<int>("--nodes") { Description = "how many nodes", DefaultValueFactory = _ => 3 };
        nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 20) result.AddError("--nodes takes 1 to 20.");
        });
        var offset = new Option<int>("--port-offset") { Description = "added to every port, for a second cluster on this machine" };
        offset.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 50_000) result.AddError("--port-offset takes 0 to 50000.");
        });
        var data = DataOption.Create();
        var detach = new Option<bool>("--detach") { Description = "return when the cluster is ready; ./kv down stops it" };
        var command = new Command("up", "Bring up a cluster on this machine and print its endpoints.") { nodes, offset, data, detach };
        command.SetAction((parsed, cancelled) =>
        {
            var directory = ClusterDirectory.At(parsed.GetValue(data));
            var cluster = directory.Load() ?? ClusterLayout.New(parsed.GetValue(nodes), parsed.GetValue(offset));
            return Run(directory, cluster, parsed.GetValue(nodes), parsed.GetValue(detach), cancelled);
        });
        return command;
    }

    private static async Task<int> Run(
        ClusterDirectory directory, ClusterLayout cluster, int nodes, bool detach, CancellationToken cancelled)
    {
        if (cluster.Nodes.Count != nodes)
            throw new CliException(ExitCode.Failed,
                $"the cluster in {directory.Path} has {cluster.Nodes.Count} nodes, not {nodes}; nothing was started. "
                + $"Use --nodes {cluster.Nodes.Count}, or another --data.");

        var missing = cluster.Nodes.Where(node => !NodeProcess.IsRunning(node)).ToList();
        if (missing.Count == 0)
            throw new CliException(ExitCode.Failed,
                $"the cluster in {directory.Path} is up already; nothing was started. ./kv down stops it.");

        var started = new List<LocalNode>();
        try
        {
            directory.WriteNodeFiles(cluster);
            foreach (var node in missing)
            {
                var running = NodeProcess.Start(directory, node, init: !cluster.IsFounded);
                started.Add(running);
                cluster = cluster.With(running);
                directory.Save(cluster);
            }
            foreach (var node in started)
            {
                await NodeProcess.WaitUntilReady(directory, node, cancelled);
                await Console.Error.WriteLineAsync($"node {node.Index} is ready");
            }
        }
        catch
        {
            // A cluster that did not come up whole is taken down again: no half of it is left behind.
            foreach (var node in started) NodeProcess.Stop(node, TimeSpan.FromSeconds(5));
            directory.Save(cluster.Stopped());
            throw;
        }

        cluster = cluster with { IsFounded = true };
        directory.Save(cluster);
        Print(cluster);
        if (detach) return ExitCode.Done;
        await Console.Error.WriteLineAsync("Ctrl-C stops the cluster.");
        await StaysUntilCancelled(cluster, cancelled);
        DownCommand.StopAll(directory, cluster);
        return ExitCode.Done;
    }

    private static void Print(ClusterLayout cluster)
    {
        var table = new TextTable("node", "redis", "http", "remoting", "pid");
        foreach (var node in cluster.Nodes)
            table.Add($"{node.Index}", $"127.0.0.1:{node.RespPort}", $"http://127.0.0.1:{node.HttpPort}", $"127.0.0.1:{node.RemotingPort}",
                $"{node.Pid}");
        table.Write(Console.Out);
    }

    private static async Task StaysUntilCancelled(ClusterLayout cluster, CancellationToken cancelled)
    {
        var dead = new HashSet<int>();
        while (!cancelled.IsCancellationRequested)
        {
            foreach (var node in cluster.Nodes.Where(node => !NodeProcess.IsRunning(node) && dead.Add(node.Index)))
                await Console.Error.WriteLineAsync($"kv: node {node.Index} has ended; its log: {node.Index}/log. ./kv up --detach starts it again.");
            if (dead.Count == cluster.Nodes.Count) throw new CliException(ExitCode.Failed, "every node has ended; their logs say why.");
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), cancelled));
        }
    }
}
