using System.Security.Cryptography;

namespace KvStore.Cli.LocalCluster;

/// <summary>The local cluster as kv up laid it out. Node i: remoting 4052+i, RESP 6379+i, HTTP 8079+i.</summary>
public sealed record ClusterLayout(IReadOnlyList<LocalNode> Nodes)
{
    public static ClusterLayout New(int nodes) => new(
        [.. Enumerable.Range(1, nodes).Select(i => new LocalNode(i, NewId(), 4052 + i, 6379 + i, 8079 + i, Pid: 0, ProcessStarted: 0))]);

    public ClusterLayout With(LocalNode changed) => new([.. Nodes.Select(node => node.Index == changed.Index ? changed : node)]);

    public ClusterLayout Stopped() => new([.. Nodes.Select(node => node with { Pid = 0, ProcessStarted = 0 })]);

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
