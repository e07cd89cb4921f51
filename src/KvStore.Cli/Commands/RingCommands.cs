using System.CommandLine;
using System.Text.Json;
using KvStore.Cli.Nodes;
using KvStore.Cli.Output;

namespace KvStore.Cli.Commands;

/// <summary>Verbs about the ring: what it is, what a staged change would do, and its committing and calling off.</summary>
internal static class RingCommands
{
    public static IEnumerable<Command> Create() =>
    [
        Ring(),
        Plan(),
        Commit(),
        NodeVerb.Create("cancel", "Call off a change whose new owners serve nothing yet.", Cancel),
        NodeVerb.Create("clear", "Forget what is staged, before it is committed.", visit =>
            NodeVerb.Do(visit, HttpMethod.Post, "/v1/ring/clear", _ => "nothing is staged any more")),
    ];

    private static Command Ring()
    {
        var partitions = new Option<bool>("--partitions") { Description = "who owns each partition, and how far it has moved" };
        return NodeVerb.Create("ring", "Who is in the ring, and who owns how much of it.", visit =>
        {
            var all = visit.Parsed.GetValue(partitions);
            return NodeVerb.Show(visit, all ? "/v1/ring?partitions=true" : "/v1/ring", ring =>
            {
                Remark(ring);
                if (all) WritePartitions(visit, ring);
                else WriteMembers(visit, ring);
            });
        }, partitions);
    }

    private static Command Plan()
    {
        var moves = new Option<bool>("--moves") { Description = "every partition that moves" };
        return NodeVerb.Create("plan", "What the staged changes would move, and what is at risk.", visit =>
            NodeVerb.Show(visit, "/v1/ring/plan", plan => WritePlan(visit, plan, visit.Parsed.GetValue(moves))), moves);
    }

    private static Command Commit()
    {
        var risk = new Option<bool>("--accept-risk") { Description = "also where the plan says that acknowledged writes may be lost" };
        var wait = new Option<bool>("--wait") { Description = "return when everything has moved" };
        return NodeVerb.Create("commit", "Begin the change that kv plan has shown.", async visit =>
        {
            var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
            using (door)
            {
                var path = visit.Parsed.GetValue(risk) ? "/v1/ring/commit?acceptRisk=true" : "/v1/ring/commit";
                var answer = await door.Send(HttpMethod.Post, path, visit.Cancelled);
                await Follow(visit, door);
                NodeVerb.Say(visit, answer, said => $"committed: the ring is {said.Text("epoch")}"
                    + (visit.Parsed.GetValue(wait) ? "" : "; partitions move now, kv transfers --watch shows how far they are"));
                return visit.Parsed.GetValue(wait) ? await TransfersCommand.Watch(visit, door) : ExitCode.Done;
            }
        }, risk, wait);
    }

    private static async Task<int> Cancel(Visit visit)
    {
        var (door, _) = await visit.Cluster.AnyNode(visit.Cancelled);
        using (door)
        {
            var answer = await door.Send(HttpMethod.Post, "/v1/ring/cancel", visit.Cancelled);
            await Follow(visit, door);
            return NodeVerb.Say(visit, answer, said => $"called off: the ring is {said.Text("epoch")}, with the owners of before");
        }
    }

    /// <summary>Who has come in and who is to go is remembered with the nodes of this machine.</summary>
    private static async Task Follow(Visit visit, NodeDoor door)
    {
        if (visit.Cluster.Layout is null || visit.Cluster.Directory.Load() is not { } layout) return;
        visit.Cluster.Directory.Save(layout.Following(await door.Get("/v1/ring", visit.Cancelled)));
    }

    private static void Remark(JsonElement ring)
    {
        NodeVerb.Remark(
            $"ring {ring.Text("epoch")} of cluster {ring.Text("cluster")}: {ring.Text("partitions")} partitions, up to {ring.Text("replicas")} copies; "
            + (ring.Is("changing")
                ? $"changing: {ring.Text("moved")} moved, {ring.Text("moving")} moving, {ring.Text("waiting")} waiting"
                : "at rest"));
        foreach (var change in ring.Items("staged")) NodeVerb.Remark($"staged there: {change}; kv plan shows what it would move");
    }

    private static void WriteMembers(Visit visit, JsonElement ring)
    {
        var table = new TextTable("node", "status", "reachable", "owns", "will own", "id", "address", "rack", "weight");
        foreach (var member in ring.Items("members"))
            table.Add(
                visit.Cluster.NameOf(member.Text("node_id")), member.Text("status"), member.Text("reachable"), member.Text("owns"),
                member.Text("will_own"), member.Text("node_id"), member.Text("address"), member.Text("rack"), member.Text("weight"));
        table.Write(Console.Out);
    }

    private static void WritePartitions(Visit visit, JsonElement ring)
    {
        var table = new TextTable("partition", "phase", "primaries");
        foreach (var partition in ring.Items("owners"))
            table.Add(partition.Text("partition"), partition.Text("phase"), Names(visit, partition.Items("primaries")));
        table.Write(Console.Out);
    }

    private static void WritePlan(Visit visit, JsonElement plan, bool all)
    {
        NodeVerb.Remark(
            $"{string.Join(", ", plan.Items("changes"))}: {plan.Text("owners_changed")} partitions change their owner, replicas of "
            + $"{plan.Items("moves").Count()} move; nothing has been done, kv commit begins");
        foreach (var warning in plan.Items("warnings")) NodeVerb.Remark($"warning: {warning}");
        if (plan.Is("at_risk"))
            NodeVerb.Remark("warning: acknowledged writes may be lost; kv commit --accept-risk goes on all the same");
        if (all) WriteMoves(visit, plan);
        else WriteFills(visit, plan);
    }

    private static void WriteMoves(Visit visit, JsonElement plan)
    {
        var table = new TextTable("partition", "from", "to", "filled from");
        foreach (var move in plan.Items("moves"))
            table.Add(
                move.Text("partition"), Names(visit, move.Items("from")), Names(visit, move.Items("to")),
                string.Join("; ", move.Items("fills").Select(fill =>
                    $"{visit.Cluster.NameOf(fill.Text("receiver"))} from {Names(visit, fill.Items("sources"))}")));
        table.Write(Console.Out);
    }

    /// <summary>How many partitions each node is filled with, by whom it gets them from.</summary>
    private static void WriteFills(Visit visit, JsonElement plan)
    {
        var table = new TextTable("node", "gets partitions", "from");
        var fills = plan.Items("moves").SelectMany(move => move.Items("fills"))
            .GroupBy(fill => (To: visit.Cluster.NameOf(fill.Text("receiver")), From: Names(visit, fill.Items("sources"))))
            .OrderBy(group => group.Key);
        foreach (var group in fills) table.Add(group.Key.To, $"{group.Count()}", group.Key.From);
        table.Write(Console.Out);
    }

    private static string Names(Visit visit, IEnumerable<JsonElement> ids) =>
        string.Join(' ', ids.Select(id => visit.Cluster.NameOf(id.GetString()!)));
}
