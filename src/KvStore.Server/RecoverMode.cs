using System.Text.Json;
using KvStore.Core.Identity;
using KvStore.Node;
using KvStore.Node.Settings;

namespace KvStore.Server;

/// <summary>
/// <c>--recover</c>: says on stdout, as JSON, what the ring of a stopped node is and what it would be without the lost ones; with
/// <c>--confirmed</c> it writes that down. Exit code 1 when the ring may not go on without them: <c>refusal</c> says why, and nothing was changed.
/// </summary>
internal static class RecoverMode
{
    public static async Task<int> Run(NodeConfiguration configuration, NodeSettings settings, NodeStartup startup, ServerArguments arguments)
    {
        var lost = new HashSet<NodeId>();
        foreach (var text in arguments.Lost)
        {
            if (!NodeId.TryParse(text, out var id)) throw new SettingsException([$"--lost {text}: is 32 hexadecimal digits, a node's id"]);
            lost.Add(id);
        }
        await using var recovery = await RingRecovery.Open(configuration.Settings, settings, startup);
        var refusal = lost.Count == 0 ? null : recovery.Refusal(lost);
        var next = refusal is null && lost.Count > 0 ? recovery.After(lost) : null;
        if (next is not null && arguments.IsConfirmed) next = await recovery.Begin(lost);
        var risk = recovery.RiskOf(lost);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            schema = 1,
            node_id = recovery.Node.ToString(),
            cluster = recovery.Ring.Cluster.ToString(),
            epoch = recovery.Ring.Epoch.ToString(),
            generation = recovery.Ring.Epoch.Generation,
            number = recovery.Ring.Epoch.Number,
            partitions = recovery.Ring.PartitionCount,
            members = recovery.Ring.Members.Select(member => new { node_id = member.Id.ToString(), address = member.Address }),
            refusal,
            next_epoch = next?.Epoch.ToString(),
            gone = risk.Gone,
            doubtful = risk.Doubtful,
            written = next is not null && arguments.IsConfirmed,
        }));
        return refusal is null ? ExitCode.Stopped : ExitCode.HadToStop;
    }
}
