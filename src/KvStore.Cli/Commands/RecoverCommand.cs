using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.LocalCluster;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>
/// kv recover: a ring whose majority is lost for good goes on without it, in a new generation. Offline, on one survivor (of the cluster on this
/// machine the one with the newest ring), and only when somebody has typed which nodes are given up.
/// </summary>
internal static class RecoverCommand
{
    public static Command Create()
    {
        var lost = new Option<string[]>("--lost")
        {
            Description = "a node that is lost for good: its number here, its id, or four or more digits of that; once for each",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var config = new Option<FileInfo>("--config") { Description = "a survivor's HOCON file (default: the cluster on this machine)" };
        config.AcceptExistingOnly();
        var data = DataOption.Create();
        var command = new Command("recover", "Go on without a majority that is lost for good: offline, asks first.") { lost, config, data };
        command.SetAction(async (parsed, cancelled) =>
        {
            var named = parsed.GetValue(lost)!;
            if (parsed.GetValue(config) is { } file) return await Recover(file.FullName, named, null, null, cancelled);
            var directory = ClusterDirectory.At(parsed.GetValue(data));
            var layout = directory.Load() ?? throw new CliException(
                ExitCode.NothingThere, $"there is no cluster in {directory.Path}; nothing was done. --config FILE names a survivor elsewhere.");
            return await Recover(await Newest(directory, layout, named, cancelled), named, directory, layout, cancelled);
        });
        return command;
    }

    /// <summary>The configuration of the survivor here whose ring is the newest.</summary>
    private static async Task<string> Newest(ClusterDirectory directory, ClusterLayout layout, string[] named, CancellationToken cancelled)
    {
        if (layout.Nodes.FirstOrDefault(NodeProcess.IsRunning) is { } running)
            throw new CliException(
                ExitCode.Failed, $"node {running.Index} runs; nothing was changed. A ring is recovered while its nodes are stopped: ./kv down.");
        var found = new List<(string File, JsonElement Ring)>();
        foreach (var node in layout.Active.Where(node => !named.Any(name => IsNamed(node, name))))
            found.Add((directory.ConfigFile(node), await RecoveryProgram.Run(directory.ConfigFile(node), [], confirmed: false, cancelled)));
        if (found.Count == 0) throw new CliException(ExitCode.Usage, "every node here is called lost; nothing was changed. Nobody would be left.");
        return found.MaxBy(survivor => (survivor.Ring.GetProperty("generation").GetUInt32(), survivor.Ring.GetProperty("number").GetUInt64())).File;
    }

    private static async Task<int> Recover(
        string file, string[] named, ClusterDirectory? directory, ClusterLayout? layout, CancellationToken cancelled)
    {
        var ring = await RecoveryProgram.Run(file, [], confirmed: false, cancelled);
        var lost = named.Select(name => IdOf(name, ring, layout)).Distinct().ToList();
        var shown = await RecoveryProgram.Run(file, lost, confirmed: false, cancelled);
        if (shown.Text("refusal") is { Length: > 0 } why) throw new CliException(ExitCode.Failed, $"{why} Nothing was changed.");
        Explain(shown, lost);
        var sentence = $"lost {string.Join(' ', lost.Select(id => id[..8]))}";
        await Console.Error.WriteAsync($"To go on without them, type: {sentence}\n> ");
        if ((await Console.In.ReadLineAsync(cancelled))?.Trim() != sentence)
            throw new CliException(ExitCode.Failed, "that was not typed; nothing was changed.");

        var done = await RecoveryProgram.Run(file, lost, confirmed: true, cancelled);
        if (!done.Is("written")) throw new CliException(ExitCode.Unknown, $"the new ring may or may not be written: {done.Text("refusal")}");
        if (layout is not null)
            directory!.Save(layout with
            {
                Nodes = [.. layout.Nodes.Select(node => lost.Contains(node.Id) ? node with { IsRetired = true } : node)],
            });
        Console.WriteLine(
            $"the ring is {done.Text("next_epoch")} from the next start of {done.Text("node_id")} on; start the survivors now (kv up)");
        return ExitCode.Done;
    }

    private static void Explain(JsonElement ring, List<string> lost)
    {
        Console.Error.WriteLine($"""
            Ring {ring.Text("epoch")} of cluster {ring.Text("cluster")}, as {ring.Text("node_id")} knows it, goes on as {ring.Text("next_epoch")}:
              {lost.Count} of {ring.Items("members").Count()} members are given up, for ever: {string.Join(", ", lost)}
              {ring.Text("gone")} of {ring.Text("partitions")} partitions have no copy left: their data is lost
              of {ring.Text("doubtful")} more, acknowledged writes may be lost
            Do this on one survivor alone, the one with the newest ring; the others learn of it. The lost nodes must not run again.
            """);
    }

    private static bool IsNamed(LocalNode node, string name) =>
        name == $"{node.Index}" || (name.Length >= 4 && node.Id.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static string IdOf(string name, JsonElement ring, ClusterLayout? layout)
    {
        if (layout?.Nodes.FirstOrDefault(node => IsNamed(node, name)) is { } local) return local.Id;
        var meant = ring.Items("members").Select(member => member.Text("node_id"))
            .Where(id => name.Length >= 4 && id.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Count == 1 ? meant[0] : throw new CliException(
            ExitCode.Usage, $"'{name}' names {meant.Count} nodes of the ring; nothing was changed. A node is named by its id, or four or more digits of that.");
    }
}
