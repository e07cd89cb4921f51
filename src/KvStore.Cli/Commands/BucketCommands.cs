using System.CommandLine;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>kv bucket list|create|change|drop. A change is agreed on by the ring's members, and in force everywhere with the next epoch.</summary>
internal static class BucketCommands
{
    private static readonly string[] Numbers = ["n", "r", "w", "pr", "pw", "dw"];

    public static Command Create() => new("bucket", "List, create, change and drop buckets.")
    {
        NodeVerb.Create("list", "The buckets there are.", List),
        Put("create", "Create a bucket: its copies (N) and its policy are for good.", mustExist: false),
        Put("change", "Change a bucket's numbers or its time to live.", mustExist: true),
        Drop(),
    };

    private static Task<int> List(Visit visit) => NodeVerb.Show(visit, "/v1/buckets", answer =>
    {
        var table = new TextTable("bucket", "policy", "n", "r", "w", "pr", "pw", "dw", "sloppy", "ttl s", "created");
        foreach (var bucket in answer.Items("buckets"))
            table.Add(
                bucket.Text("name"), bucket.Text("policy"), bucket.Text("n"), bucket.Text("r"), bucket.Text("w"), bucket.Text("pr"),
                bucket.Text("pw"), bucket.Text("dw"), bucket.Text("sloppy"), bucket.Text("ttl_seconds"), bucket.Text("created"));
        table.Write(Console.Out);
    });

    private static Command Put(string verb, string description, bool mustExist)
    {
        var name = NameArgument();
        var numbers = Numbers.Select(number => new Option<int?>($"--{number}") { Description = $"its {number.ToUpperInvariant()}" }).ToArray();
        var ttl = new Option<int?>("--ttl") { Description = "how long a value without an expiry lives, in seconds; 0 for ever" };
        var sloppy = new Option<bool?>("--sloppy") { Description = "whether stand-ins count: true or false" };
        var policy = new Option<string?>("--policy") { Description = "siblings (the default), lww or strong" };
        Symbol[] symbols = mustExist ? [name, .. numbers.Skip(1), ttl, sloppy] : [name, .. numbers, ttl, sloppy, policy];
        return NodeVerb.Create(verb, description, async visit =>
        {
            var parsed = visit.Parsed;
            var query = numbers.Select(number => (Name: number.Name.TrimStart('-'), Value: symbols.Contains(number) ? parsed.GetValue(number) : null))
                .Append((Name: "ttl", Value: parsed.GetValue(ttl)))
                .Where(number => number.Value is not null)
                .Select(number => $"{number.Name}={number.Value}");
            if (parsed.GetValue(sloppy) is { } counts) query = query.Append($"sloppy={(counts ? "true" : "false")}");
            if (!mustExist && parsed.GetValue(policy) is { } wanted) query = query.Append($"policy={Uri.EscapeDataString(wanted)}");
            return await Put(visit, parsed.GetValue(name)!, string.Join('&', query), mustExist);
        }, symbols);
    }

    private static async Task<int> Put(Visit visit, string name, string query, bool mustExist)
    {
        var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door)
        {
            var buckets = await door.Get("/v1/buckets", visit.Cancelled);
            if (buckets.Items("buckets").Any(bucket => bucket.Text("name") == name) != mustExist)
                throw new CliException(ExitCode.Failed, mustExist
                    ? $"there is no bucket '{name}'; nothing was changed. kv bucket list shows the ones there are, kv bucket create makes one."
                    : $"there is a bucket '{name}' already; nothing was changed. kv bucket change alters it, or choose another name.");
            var answer = await door.Send(HttpMethod.Put, $"/v1/buckets/{Uri.EscapeDataString(name)}?{query}", visit.Cancelled);
            return NodeVerb.Say(visit, answer, said => $"{(mustExist ? "changed" : "created")}: bucket {name}, from ring {said.Text("epoch")} on");
        }
    }

    private static Command Drop()
    {
        var name = NameArgument();
        return NodeVerb.Create("drop", "Drop a bucket with everything in it.", visit =>
        {
            var bucket = visit.Parsed.GetValue(name)!;
            return NodeVerb.Do(
                visit, HttpMethod.Delete, $"/v1/buckets/{Uri.EscapeDataString(bucket)}",
                said => $"dropped: bucket {bucket} with everything in it, from ring {said.Text("epoch")} on");
        }, name);
    }

    private static Argument<string> NameArgument() => new("name") { Description = "the bucket's name" };
}
