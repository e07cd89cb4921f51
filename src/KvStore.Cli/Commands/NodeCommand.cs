using System.CommandLine;
using System.Diagnostics;
using KvStore.Cli.LocalCluster;

namespace KvStore.Cli.Commands;

/// <summary>kv node: one node in the foreground, its log on the terminal.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "the node's HOCON file (default: none, everything comes from the environment)" };
        config.AcceptExistingOnly();
        var set = new Option<string[]>("--set") { Description = "PATH=VALUE: one setting, before the file and the environment" };
        var init = new Option<bool>("--init") { Description = "the cluster is new: an empty data directory is whole" };
        var command = new Command("node", "Run one node in the foreground.") { config, set, init };
        command.SetAction(async (parsed, cancelled) =>
        {
            string[] file = parsed.GetValue(config) is { } given ? ["--config", given.FullName] : [];
            string[] flag = parsed.GetValue(init) ? ["--init"] : [];
            var settings = (parsed.GetValue(set) ?? []).SelectMany(setting => (string[])["--set", setting]);
            using var process = Process.Start(new ProcessStartInfo("dotnet", [ServerProgram.Path, .. file, .. settings, .. flag]))!;
            // Ctrl-C reaches the node by itself, for it shares the terminal; a SIGTERM to kv has to be handed on.
            await using var handOn = cancelled.Register(() => NodeProcess.Signal(process.Id, NodeProcess.SigTerm));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        });
        return command;
    }
}
