using System.CommandLine;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>kv up: a cluster of node processes on this machine.</summary>
internal static class UpCommand
{
    private const int DefaultNodes = 3;

    public static Command Create()
    {
        var nodes = new Option<int?>("--nodes") { Description = "how many nodes a new cluster has (default: 3)" };
        nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 20) result.AddError("--nodes takes 1 to 20.");
        });
        var offset = new Option<int>("--port-offset") { Description = "added to every port, for a second cluster on this machine" };
        offset.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 50_000) result.AddError("--port-offset takes 0 to 50000.");
        });
        var data = DataOption.Create();
        var detach = new Option<bool>("--detach") { Description = "return when the cluster is ready; ./kv down stops it" };
        var tls = new Option<bool>("--tls") { Description = "a new cluster's nodes, doors and clients show certificates, made in DIR/tls" };
        var json = new Option<bool>("--json") { Description = "the endpoints as one JSON object" };
        var command = new Command("up", "Bring up a cluster on this machine and print its endpoints.")
        {
            nodes, offset, data, detach, tls, json,
        };
        command.SetAction((parsed, cancelled) =>
        {
            var directory = ClusterDirectory.At(parsed.GetValue(data));
            var cluster = directory.Load() ?? ClusterLayout.New(
                parsed.GetValue(nodes) ?? DefaultNodes, parsed.GetValue(offset), parsed.GetValue(tls));
            if (parsed.GetValue(tls) && !cluster.HasTls)
                throw new CliException(ExitCode.Failed, $"the cluster in {directory.Path} has no TLS; nothing was started. Use another --data.");
            var call = new Call(parsed.GetValue(nodes) ?? cluster.Active.Count(), parsed.GetValue(detach), parsed.GetValue(json));
            return Run(directory, cluster, call, cancelled);
        });
        return command;
    }

    private static async Task<int> Run(ClusterDirectory directory, ClusterLayout cluster, Call call, CancellationToken cancelled)
    {
        var has = cluster.Active.Count();
        if (has != call.Nodes)
            throw new CliException(ExitCode.Failed,
                $"the cluster in {directory.Path} has {has} nodes, not {call.Nodes}; nothing was started. "
                + "Leave --nodes out, use another --data, or have a node join: ./kv join.");

        var missing = cluster.Active.Where(node => !NodeProcess.IsRunning(node)).ToList();
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
            // A node that nobody has let in yet is not waited for.
            foreach (var node in started.Where(node => node.IsAdmitted))
            {
                await NodeProcess.WaitUntilReady(directory, node, directory.KeysOf(cluster), cancelled);
                await Console.Error.WriteLineAsync($"node {node.Index} is ready");
            }
        }
        catch
        {
            // A cluster that did not come up whole is taken down again: no half of it is left behind. What ran before is as it was.
            foreach (var node in started)
            {
                NodeProcess.Stop(node, TimeSpan.FromSeconds(5));
                cluster = cluster.With(node with { Pid = 0, ProcessStarted = 0 });
            }
            directory.Save(cluster);
            throw;
        }

        cluster = cluster with { IsFounded = true };
        directory.Save(cluster);
        Print(cluster, directory.KeysOf(cluster).Scheme, call.WantsJson);
        if (cluster.HasTls)
            await Console.Error.WriteLineAsync($"redis-cli --tls and curl need --cacert {Path.Combine(directory.CertificateFolder, "ca.pem")}");
        if (call.Detach) return ExitCode.Done;
        await Console.Error.WriteLineAsync("Ctrl-C stops the cluster.");
        await StaysUntilCancelled(cluster, cancelled);
        // Others may have joined meanwhile.
        DownCommand.StopAll(directory, directory.Load() ?? cluster);
        return ExitCode.Done;
    }

    private static void Print(ClusterLayout cluster, string scheme, bool json)
    {
        if (json)
        {
            Json.Write(new
            {
                schema = 1,
                nodes = cluster.Active.Select(node => new
                {
                    node = node.Index,
                    node_id = node.Id,
                    redis = $"127.0.0.1:{node.RespPort}",
                    http = $"{scheme}://127.0.0.1:{node.HttpPort}",
                    console = $"127.0.0.1:{node.ConsolePort}",
                    remoting = $"127.0.0.1:{node.RemotingPort}",
                    pid = node.Pid,
                }),
            });
            return;
        }
        var table = new TextTable("node", "redis", "http", "console", "remoting", "pid");
        foreach (var node in cluster.Active)
            table.Add($"{node.Index}", $"127.0.0.1:{node.RespPort}", $"{scheme}://127.0.0.1:{node.HttpPort}", $"127.0.0.1:{node.ConsolePort}",
                $"127.0.0.1:{node.RemotingPort}", $"{node.Pid}");
        table.Write(Console.Out);
    }

    private static async Task StaysUntilCancelled(ClusterLayout cluster, CancellationToken cancelled)
    {
        var dead = new HashSet<int>();
        while (!cancelled.IsCancellationRequested)
        {
            foreach (var node in cluster.Active.Where(node => !NodeProcess.IsRunning(node) && dead.Add(node.Index)))
                await Console.Error.WriteLineAsync($"kv: node {node.Index} has ended; its log: {node.Index}/log. ./kv up --detach starts it again.");
            if (dead.Count == cluster.Active.Count()) throw new CliException(ExitCode.Failed, "every node has ended; their logs say why.");
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), cancelled));
        }
    }

    private sealed record Call(int Nodes, bool Detach, bool WantsJson);
}
