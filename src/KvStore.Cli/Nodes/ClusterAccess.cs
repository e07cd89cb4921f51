using System.Globalization;
using System.Text.Json;
using KvStore.Cli.LocalCluster;

namespace KvStore.Cli.Nodes;

/// <summary>
/// The nodes that a command may ask: the one that was named, or those of the cluster on this machine. Which node a command about the ring goes
/// to matters, because a change is staged on one node: it is always the first that answers.
/// </summary>
internal sealed class ClusterAccess
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(10);

    private ClusterAccess(ClusterDirectory directory, ClusterLayout? layout, IReadOnlyList<NodeTarget> nodes, DoorKeys keys) =>
        (Directory, Layout, Nodes, Keys) = (directory, layout, nodes, keys);

    public ClusterDirectory Directory { get; }

    /// <summary>The cluster on this machine; null when there is none, or when a node was named.</summary>
    public ClusterLayout? Layout { get; }

    public IReadOnlyList<NodeTarget> Nodes { get; }

    /// <summary>With what their doors are come to.</summary>
    public DoorKeys Keys { get; }

    /// <summary>The cluster on this machine, whether it runs or not.</summary>
    public static ClusterAccess Local(ClusterDirectory directory)
    {
        var layout = directory.Load() ?? throw new CliException(
            ExitCode.NothingThere,
            $"there is no cluster in {directory.Path}; nothing was done. ./kv up makes one; --node HOST:PORT names a node of another.");
        var nodes = layout.Nodes.Where(node => !node.IsRetired || NodeProcess.IsRunning(node))
            .Select(node => new NodeTarget($"{node.Index}", $"127.0.0.1:{node.HttpPort}", node));
        return new ClusterAccess(directory, layout, [.. nodes], directory.KeysOf(layout));
    }

    /// <summary>The node at HOST:PORT, and what it knows of the others.</summary>
    public static ClusterAccess Named(string place, bool isTls, ClusterDirectory directory) =>
        new(directory, null, [new NodeTarget(place, place, null)], DoorKeys.None with { IsTls = isTls });

    /// <summary>The first node that answers, and what it says of itself.</summary>
    public async Task<(NodeDoor Door, JsonElement Status)> AnyNode(CancellationToken cancelled)
    {
        foreach (var node in Nodes)
        {
            var door = new NodeDoor(node.Place, Keys);
            if (Nodes.Count == 1) return (door, await door.Get("/v1/status", cancelled));
            if (await door.TryGet("/v1/status", Glance, cancelled) is { } status) return (door, status);
            door.Dispose();
        }
        throw new CliException(
            ExitCode.NothingThere, $"no node of the cluster in {Directory.Path} answers; nothing was done. ./kv status says more, ./kv up starts them.");
    }

    /// <summary>What each node says to one question, at the same time; null of one that does not answer.</summary>
    public async Task<IReadOnlyList<(NodeTarget Node, JsonElement? Answer)>> AskAll(HttpMethod method, string path, CancellationToken cancelled) =>
        await Task.WhenAll(Nodes.Select(async node => (node, await Ask(node, method, path, cancelled))));

    /// <summary>The word by which people know a node here: its number on this machine, or else the beginning of its id.</summary>
    public string NameOf(string nodeId) =>
        Layout?.Nodes.FirstOrDefault(node => node.Id == nodeId) is { } local ? $"{local.Index}" : nodeId[..Math.Min(8, nodeId.Length)];

    /// <summary>The whole id of a member, from its number on this machine, its id, or the beginning of that.</summary>
    public string IdOf(string text, JsonElement ring)
    {
        if (Layout is { } layout && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && layout.Nodes.FirstOrDefault(node => node.Index == index) is { } local) return local.Id;
        const int idLength = 32, shortest = 4;
        if (text.Length == idLength) return text;
        var members = ring.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("node_id").GetString()!);
        var meant = text.Length < shortest ? [] : members.Where(id => id.StartsWith(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Count == 1 ? meant[0] : throw new CliException(
            ExitCode.Usage,
            $"'{text}' names {(meant.Count == 0 ? "no node" : $"{meant.Count} nodes")} here; nothing was done. A node is named by its number in ./kv status, "
            + "by its id, or by four or more digits of that.");
    }

    private async Task<JsonElement?> Ask(NodeTarget node, HttpMethod method, string path, CancellationToken cancelled)
    {
        using var door = new NodeDoor(node.Place, Keys);
        if (method == HttpMethod.Get) return await door.TryGet(path, Glance, cancelled);
        try
        {
            return await door.Send(method, path, cancelled);
        }
        catch (CliException problem) when (problem.ExitCode is ExitCode.NothingThere or ExitCode.Unknown)
        {
            return null;
        }
    }
}

/// <summary>A node that may be asked.</summary>
/// <param name="Name">How it is shown.</param>
/// <param name="Place">HOST:PORT of its HTTP door.</param>
/// <param name="Local">What is known of it as a process of this machine.</param>
internal sealed record NodeTarget(string Name, string Place, LocalNode? Local);
