using System.CommandLine;
using System.Diagnostics;
using KvStore.Cli.LocalCluster;

namespace KvStore.Cli.Commands;

/// <summary>kv node: one node in the foreground, its log on the terminal.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "the node's HOCON file", Required = true };
        config.AcceptExistingOnly();
        var init = new Option<bool>("--init") { Description = "the cluster is new: an empty data directory is whole" };
        var command = new Command("node", "Run one node in the foreground.") { config, init };
        command.SetAction(async (parsed, cancelled) =>
        {
            var file = parsed.GetValue(config)!.FullName;
            string[] arguments = parsed.GetValue(init) ? ["--config", file, "--init"] : ["--config", file];
            using var process = Process.Start(new ProcessStartInfo("dotnet", [ServerProgram.Path, .. arguments]))!;
            // Ctrl-C reaches the node by itself, for it shares the terminal; a SIGTERM to kv has to be handed on.
            await using var handOn = cancelled.Register(() => NodeProcess.Signal(process.Id, NodeProcess.SigTerm));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        });
        return command;
    }
}
