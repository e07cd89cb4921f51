using System.Text;
using System.Text.Json;

namespace KvStore.Cli.LocalCluster;

/// <summary>
/// The files of a local cluster: cluster.json (the layout), and for each node i a folder i/ with node.conf and log.
/// </summary>
public sealed class ClusterDirectory
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private ClusterDirectory(string path) => Path = path;

    public string Path { get; }

    private string LayoutFile => System.IO.Path.Combine(Path, "cluster.json");

    public static ClusterDirectory At(string? path) =>
        new(System.IO.Path.GetFullPath(path
            ?? System.IO.Path.Combine(Environment.GetEnvironmentVariable("KV_ROOT") ?? Environment.CurrentDirectory, ".kv")));

    public ClusterLayout? Load()
    {
        if (!File.Exists(LayoutFile)) return null;
        try
        {
            return JsonSerializer.Deserialize<ClusterLayout>(File.ReadAllText(LayoutFile));
        }
        catch (JsonException problem)
        {
            throw new CliException(ExitCode.Failed,
                $"{LayoutFile} is damaged ({problem.Message}); nothing was changed. Use another --data, or delete it.");
        }
    }

    public void Save(ClusterLayout cluster)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(LayoutFile, JsonSerializer.Serialize(cluster, Indented));
    }

    public string NodeFolder(LocalNode node) => System.IO.Path.Combine(Path, $"{node.Index}");

    public string LogFile(LocalNode node) => System.IO.Path.Combine(NodeFolder(node), "log");

    public string ConfigFile(LocalNode node) => System.IO.Path.Combine(NodeFolder(node), "node.conf");

    public void WriteNodeFiles(ClusterLayout cluster)
    {
        foreach (var node in cluster.Active)
        {
            Directory.CreateDirectory(NodeFolder(node));
            File.WriteAllText(ConfigFile(node), ConfigOf(node, cluster));
        }
    }

    private static string ConfigOf(LocalNode node, ClusterLayout cluster)
    {
        var text = new StringBuilder();
        text.AppendLine("# Written by kv up. Every other setting has its default: hocon/reference.conf.");
        text.AppendLine("kv-store {");
        text.AppendLine($"  node.id = \"{node.Id}\"");
        if (node.IsFounder)
        {
            text.AppendLine("  cluster.members = [");
            text.AppendLine(string.Join(",\n", cluster.Nodes.Where(member => member.IsFounder)
                .Select(member => $"    \"{member.Id}@127.0.0.1:{member.RemotingPort}\"")));
            text.AppendLine("  ]");
        }
        else text.AppendLine($"  cluster.seeds = [\"{node.Seed}\"]");
        text.AppendLine($"  doors.resp.port = {node.RespPort}");
        text.AppendLine($"  doors.http.port = {node.HttpPort}");
        text.AppendLine("}");
        text.AppendLine($"akka.remote.dot-netty.tcp {{ hostname = \"127.0.0.1\", port = {node.RemotingPort} }}");
        return text.ToString();
    }
}
