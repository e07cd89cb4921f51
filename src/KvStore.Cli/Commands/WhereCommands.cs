using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>Verbs that show where a key is: locate (by the ring) and explain (by asking every node that may hold it).</summary>
internal static class WhereCommands
{
    public static IEnumerable<Command> Create() => [Locate(), Explain()];

    private static Command Locate()
    {
        var name = new KeyNameArguments();
        return NodeVerb.Create(
            "locate", "Where a key is: its partition, its primaries and who may stand in for them.",
            visit => NodeVerb.Show(visit, $"/v1/locate?{name.Query(visit.Parsed)}", answer => WriteLocation(visit, answer)), name.All);
    }

    private static Command Explain()
    {
        var name = new KeyNameArguments();
        return NodeVerb.Create(
            "explain", "What each node holds of a key, asked one by one; changes nothing.",
            visit => NodeVerb.Show(visit, $"/v1/explain?{name.Query(visit.Parsed)}", answer => WriteCopies(visit, answer)), name.All);
    }

    private static void WriteLocation(Visit visit, JsonElement answer)
    {
        NodeVerb.Remark(
            $"bucket {answer.Text("bucket")}, partition {answer.Text("partition")}, ring {answer.Text("epoch")}, N={answer.Text("n")}"
            + (answer.Is("moving") ? ", moving: a write needs its quorum of the old and of the new primaries" : "")
            + (answer.Is("degraded") ? ", fewer nodes than copies" : ""));
        var table = new TextTable("position", "node", "role", "reachable", "id", "address", "rack");
        foreach (var node in answer.Items("nodes"))
            table.Add(
                node.Text("position"), visit.Cluster.NameOf(node.Text("node_id")), node.Text("role"), node.Text("reachable"), node.Text("node_id"),
                node.Text("address"), node.Text("rack"));
        table.Write(Console.Out);
    }

    private static void WriteCopies(Visit visit, JsonElement answer)
    {
        NodeVerb.Remark(
            $"bucket {answer.Text("bucket")} ({answer.Text("policy")}), partition {answer.Text("partition")}, ring {answer.Text("epoch")}, "
            + $"N={answer.Text("n")} R={answer.Text("r")} W={answer.Text("w")}; the owners that answered "
            + (answer.Is("equal") ? "hold the same" : "differ: a read repairs them, and so does kv repair"));
        var table = new TextTable("node", "role", "answer", "version", "bytes", "value", "hash", "written", "expires");
        foreach (var copy in answer.Items("copies"))
        {
            var (node, role, said) = (visit.Cluster.NameOf(copy.Text("node_id")), copy.Text("role"), copy.Text("answer"));
            var versions = copy.Items("versions").ToList();
            if (versions.Count == 0) table.Add(node, role, said, "", "", "", "", "", "");
            foreach (var version in versions)
                table.Add(
                    node, role, said, version.Text("dot"), version.Text("bytes"), version.Is("deleted") ? "deleted" : version.Text("value"),
                    version.Is("deleted") ? "" : version.Text("hash"), version.Text("written"), version.Text("expires"));
        }
        table.Write(Console.Out);
    }
}
