using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KvStore.Cli.LocalCluster;

/// <summary>The local cluster as kv up laid it out. Node i: remoting 4052+i, RESP 6379+i, HTTP 8079+i, console 9109+i.</summary>
/// <param name="IsFounded">Whether all nodes have been up: from then on an empty data directory is a lost one.</param>
public sealed record ClusterLayout(IReadOnlyList<LocalNode> Nodes, bool IsFounded = false)
{
    private const int RemotingBase = 4052, RespBase = 6379, HttpBase = 8079;

    /// <summary>Whether its nodes show each other and their clients certificates.</summary>
    public bool HasTls { get; init; }

    /// <summary>Those that are to run.</summary>
    [JsonIgnore]
    public IEnumerable<LocalNode> Active => Nodes.Where(node => !node.IsRetired);

    /// <param name="nodes">How many.</param>
    /// <param name="portOffset">Added to every port, so that several clusters fit on one machine.</param>
    /// <param name="hasTls">Whether they show certificates.</param>
    public static ClusterLayout New(int nodes, int portOffset, bool hasTls) =>
        new([.. Enumerable.Range(1, nodes).Select(index => NewNode(index, portOffset))]) { HasTls = hasTls };

    public ClusterLayout With(LocalNode changed) =>
        this with { Nodes = [.. Nodes.Select(node => node.Index == changed.Index ? changed : node)] };

    public ClusterLayout Without(LocalNode gone) => this with { Nodes = [.. Nodes.Where(node => node.Index != gone.Index)] };

    public ClusterLayout Stopped() => this with { Nodes = [.. Nodes.Select(node => node with { Pid = 0, ProcessStarted = 0 })] };

    /// <summary>The layout with one node more, which is going to ask that seed to be let in.</summary>
    public ClusterLayout WithNewcomer(string seed, out LocalNode newcomer)
    {
        newcomer = NewNode(Nodes.Max(node => node.Index) + 1, Nodes[0].HttpPort - HttpBase - Nodes[0].Index) with
        {
            Seed = seed,
            IsAdmitted = false,
        };
        return this with { Nodes = [.. Nodes, newcomer] };
    }

    /// <summary>What the ring, as a node shows it, says of the nodes here: who is in, and who is going or gone.</summary>
    public ClusterLayout Following(JsonElement ring)
    {
        var status = ring.GetProperty("members").EnumerateArray()
            .ToDictionary(member => member.GetProperty("node_id").GetString()!, member => member.GetProperty("status").GetString()!);
        var removed = ring.GetProperty("removed").EnumerateArray().Select(id => id.GetString()!).ToHashSet();
        return this with
        {
            Nodes =
            [
                .. Nodes.Select(node => status.TryGetValue(node.Id, out var stands)
                    ? node with { IsAdmitted = true, IsRetired = stands is "leaving" or "removing" }
                    : node with { IsRetired = node.IsRetired || removed.Contains(node.Id) }),
            ],
        };
    }

    private static LocalNode NewNode(int index, int portOffset) => new(
        index, NewId(), RemotingBase + portOffset + index, RespBase + portOffset + index, HttpBase + portOffset + index, Pid: 0, ProcessStarted: 0);

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
