using System.Text;
using System.Text.Json;
using KvStore.Cli.Certificates;
using KvStore.Cli.Nodes;

namespace KvStore.Cli.LocalCluster;

/// <summary>
/// The files of a local cluster: cluster.json (the layout), for each node i a folder i/ with node.conf and log, and where the nodes show certificates
/// tls/ with those.
/// </summary>
public sealed class ClusterDirectory
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The certificate of kv itself.</summary>
    private const string Own = "kv";

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

    public string CertificateFolder => System.IO.Path.Combine(Path, "tls");

    /// <summary>With what the doors of this cluster are come to.</summary>
    internal DoorKeys KeysOf(ClusterLayout cluster)
    {
        if (!cluster.HasTls) return DoorKeys.None;
        var files = new CertificateFiles(CertificateFolder);
        return DoorKeys.None with { IsTls = true, Ca = files.AuthorityCertificate, Bundle = files.BundleOf(Own) };
    }

    public void WriteNodeFiles(ClusterLayout cluster)
    {
        if (cluster.HasTls) MakeCertificates(cluster);
        foreach (var node in cluster.Active)
        {
            Directory.CreateDirectory(NodeFolder(node));
            File.WriteAllText(ConfigFile(node), ConfigOf(node, cluster));
        }
    }

    /// <summary>Those that are missing: the authority, a node's for each node and for kv itself, which speaks to them as a .NET client does.</summary>
    private void MakeCertificates(ClusterLayout cluster)
    {
        var files = new CertificateFiles(CertificateFolder);
        if (!File.Exists(files.AuthorityCertificate))
        {
            using var made = CertificateAuthority.New("KvStore CA of this machine");
            files.WriteAuthority(made);
        }
        using var authority = files.LoadAuthority();
        foreach (var name in cluster.Active.Select(NameOf).Append(Own).Where(name => !File.Exists(files.CertificateOf(name))))
        {
            using var certificate = authority.Issue(name, ["localhost", "127.0.0.1", "::1"]);
            files.WriteNode(name, certificate, authority);
        }
    }

    private static string NameOf(LocalNode node) => $"node{node.Index}";

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
        if (cluster.HasTls)
        {
            var name = NameOf(node);
            text.AppendLine($"  tls {{ certificate = \"../tls/{name}.pem\", key = \"../tls/{name}.key\", ca = \"../tls/ca.pem\" }}");
        }
        text.AppendLine("}");
        text.AppendLine($"petabridge.cmd {{ host = \"127.0.0.1\", port = {node.ConsolePort} }}");
        text.AppendLine($"akka.remote.dot-netty.tcp {{ hostname = \"127.0.0.1\", port = {node.RemotingPort} }}");
        return text.ToString();
    }
}
