using System.Net;
using System.Text.RegularExpressions;
using KvStore.Core.Identity;
using KvStore.Node.Settings;
using KvStore.Server.Settings;

namespace KvStore.Server.Tests.Settings;

/// <summary>The cluster of containers: what docker/compose.yaml tells its nodes and docker/node.conf says beside it make five nodes of one ring.</summary>
public sealed partial class ContainerSpec
{
    private static readonly string Docker = Path.Combine(RepositoryRoot(), "docker");

    [Fact]
    public void Every_node_of_the_composed_cluster_is_one_of_its_founders_and_open_only_behind_TLS_and_a_password()
    {
        var compose = File.ReadAllText(Path.Combine(Docker, "compose.yaml"));
        var shared = Common().Matches(compose).Select(Variable).ToList();
        var own = Own().Matches(compose).ToList();
        var nodes = own.ConvertAll(node => Read([.. shared, new("KV_STORE__NODE__ID", node.Groups["id"].Value)]));

        Assert.Equal(5, nodes.Count);
        Assert.All(nodes, node => Assert.Equal(nodes[0].Node.Cluster.Members, node.Node.Cluster.Members));
        Assert.Equal(nodes[0].Node.Cluster.Members.Select(member => member.Id), nodes.Select(node => node.Node.Id));
        Assert.Equal(own.Select(node => (node.Groups["host"].Value, 4053)), nodes[0].Node.Cluster.Members.Select(member => (member.Host, member.Port)));
        Assert.All(nodes, node => Assert.Equal((IPAddress.Any, "secret"), (node.Doors.Resp.Endpoint.Address, node.Doors.Resp.Password)));
        Assert.All(nodes, node => Assert.Empty(node.Doors.Exposed));
    }

    private static (NodeSettings Node, DoorSettings Doors) Read(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var reader = NodeConfiguration.Load(Path.Combine(Docker, "node.conf"), environment, ["akka.remote.dot-netty.tcp.enable-ssl=on"]).NewReader();
        var settings = (NodeSettings.Read(reader), DoorSettings.Read(reader));
        reader.ThrowIfAny();
        return settings;
    }

    private static KeyValuePair<string, string> Variable(Match match)
    {
        var value = match.Groups["value"].Value;
        return new(match.Groups["name"].Value, value.StartsWith("${KV_PASSWORD", StringComparison.Ordinal) ? "secret" : value);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "KvStore.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("^  (?<name>KV_STORE__[A-Z0-9_]+): (?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Common();

    [GeneratedRegex("KV_STORE__NODE__ID: (?<id>[0-9a-f]{32}), AKKA__REMOTE__DOT_NETTY__TCP__PUBLIC_HOSTNAME: (?<host>n[0-9])")]
    private static partial Regex Own();
}
