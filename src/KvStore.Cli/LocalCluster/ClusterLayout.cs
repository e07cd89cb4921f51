using System.Security.Cryptography;

namespace KvStore.Cli.LocalCluster;

/// <summary>The local cluster as kv up laid it out. Node i: remoting 4052+i, RESP 6379+i, HTTP 8079+i.</summary>
/// <param name="IsFounded">Whether all nodes have been up: from then on an empty data directory is a lost one.</param>
public sealed record ClusterLayout(IReadOnlyList<LocalNode> Nodes, bool IsFounded = false)
{
    /// <param name="portOffset">Added to every port, so that several clusters fit on one machine.</param>
    public static ClusterLayout New(int nodes, int portOffset) => new(
        [.. Enumerable.Range(1 + portOffset, nodes).Select(port => new LocalNode(
            port - portOffset, NewId(), 4052 + port, 6379 + port, 8079 + port, Pid: 0, ProcessStarted: 0))]);

    public ClusterLayout With(LocalNode changed) =>
        this with { Nodes = [.. Nodes.Select(node => node.Index == changed.Index ? changed : node)] };

    public ClusterLayout Stopped() => this with { Nodes = [.. Nodes.Select(node => node with { Pid = 0, ProcessStarted = 0 })] };

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
