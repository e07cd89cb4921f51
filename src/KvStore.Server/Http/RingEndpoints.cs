using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Node.Handoff;
using KvStore.Node.Membership;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KvStore.Server.Http;

/// <summary>
/// The ring over HTTP: what it is, what is staged on this node, and changes of it. A change that is refused is answered 409, one whose fate is
/// not known 503; either says in words what happened and what to do.
/// </summary>
internal static class RingEndpoints
{
    /// <summary>Longer than the ring owner waits for a majority.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes, KvNode node)
    {
        routes.MapGet("/v1/ring", (bool? partitions) => Status(node, partitions ?? false));
        routes.MapGet("/v1/ring/plan", () => Plan(node));
        routes.MapGet("/v1/ring/transfers", () => Transfers(node));
        routes.MapPost("/v1/ring/leave", (string id) => WithNode(id, leaver => Do(node, new RingCommands.Stage(new RingChange.Leave(leaver)))));
        routes.MapPost("/v1/ring/remove", (string id) => WithNode(id, lost => Do(node, new RingCommands.Stage(new RingChange.Remove(lost)))));
        routes.MapPost("/v1/ring/replace", (string id, string by) =>
            WithNode(id, lost => WithNode(by, newcomer => Do(node, new RingCommands.StageReplace(lost, newcomer)))));
        routes.MapPost("/v1/ring/commit", (bool? acceptRisk) => Do(node, new RingCommands.Commit(acceptRisk ?? false)));
        routes.MapPost("/v1/ring/cancel", () => Do(node, RingCommands.Cancel.Instance));
        routes.MapPost("/v1/ring/clear", () => Do(node, RingCommands.Clear.Instance));
    }

    internal static async Task<IResult> Status(KvNode node, bool withPartitions)
    {
        var status = await node.RingOwner.Ask<RingCommands.RingStatus>(RingCommands.GetStatus.Instance, Longest);
        var ring = status.Ring!;
        return Results.Json(new
        {
            schema = 1,
            cluster = ring.Cluster.ToString(),
            epoch = ring.Epoch.ToString(),
            partitions = ring.PartitionCount,
            replicas = ring.Replicas,
            changing = ring.IsChanging,
            proposing = status.IsProposing,
            moving = status.Moving,
            waiting = status.Waiting,
            moved = ring.Phases.Count(phase => phase == MovePhase.Done),
            staged = status.Staged.Select(change => change.ToString()),
            members = ring.Members.Select(member => new
            {
                node_id = member.Id.ToString(),
                address = member.Address,
                rack = member.Rack,
                weight = member.Weight,
                status = member.Status.ToString().ToLowerInvariant(),
                owns = ring.Owners.Count(owner => owner == member.Id),
                will_own = ring.NextOwners.Count(owner => owner == member.Id),
                reachable = node.Reachability.IsReachable(member.Id),
            }),
            removed = ring.Removed.Select(gone => gone.ToString()),
            owners = withPartitions ? ring.Partitions.Select(partition => ShownPartition(ring, partition)) : null,
        });
    }

    private static object ShownPartition(Ring ring, PartitionId partition) => new
    {
        partition = partition.Value,
        phase = WordOf(ring.PhaseOf(partition)),
        primaries = ring.PreferenceList(partition, ring.Replicas).Primaries.Select(owner => owner.ToString()),
    };

    private static string WordOf(MovePhase phase) => phase switch
    {
        MovePhase.None => "at rest",
        MovePhase.Waiting => "waiting to move",
        MovePhase.WriteBothReadOld => "being filled",
        MovePhase.WriteBothReadNew => "read from its new owners",
        _ => "moved",
    };

    internal static async Task<IResult> Plan(KvNode node)
    {
        var planned = await node.RingOwner.Ask<RingCommands.Planned>(RingCommands.Plan.Instance, Longest);
        if (planned.Value is not { } plan) return Refused(planned.Refusal);
        return Results.Json(new
        {
            schema = 1,
            base_epoch = plan.Base.Epoch.ToString(),
            changes = plan.Changes.Select(change => change.ToString()),
            owners_changed = plan.OwnersChanged,
            at_risk = plan.IsAtRisk,
            warnings = plan.Warnings,
            moves = plan.Moves.Select(move => new
            {
                partition = move.Partition.Value,
                from = move.Old.Select(old => old.ToString()),
                to = move.New.Select(next => next.ToString()),
                fills = move.Fills.Select(fill => new { receiver = fill.Receiver.ToString(), sources = fill.Sources.Select(s => s.ToString()) }),
            }),
        });
    }

    internal static async Task<IResult> Transfers(KvNode node)
    {
        var transfers = await node.Handoff.Ask<HandoffActor.Transfers>(HandoffActor.GetTransfers.Instance, Longest);
        return Results.Json(new
        {
            schema = 1,
            filling = transfers.In.Select(partition => partition.Value).Order(),
            sending = transfers.Out.Select(stream => new { partition = stream.Partition.Value, to = stream.Receiver.ToString() }),
        });
    }

    /// <summary>Has the ring's owner make a change, and says how that ended.</summary>
    internal static async Task<IResult> Do(KvNode node, object command)
    {
        var answer = await node.RingOwner.Ask<RingCommands.Answered>(command, Longest);
        var body = new { schema = 1, outcome = answer.Outcome.ToString().ToLowerInvariant(), message = answer.Words, epoch = answer.Epoch.ToString() };
        return Results.Json(body, statusCode: answer.Outcome switch
        {
            RingCommands.Outcome.Done => StatusCodes.Status200OK,
            RingCommands.Outcome.Refused => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status503ServiceUnavailable,
        });
    }

    private static Task<IResult> WithNode(string text, Func<NodeId, Task<IResult>> then) =>
        NodeId.TryParse(text, out var id) && !id.IsNone
            ? then(id)
            : Task.FromResult(Malformed($"'{text}' is no node id: 32 hexadecimal digits. Nothing was changed."));

    /// <summary>The request itself is wrong, whatever the ring is.</summary>
    internal static IResult Malformed(string why) =>
        Results.Json(new { schema = 1, outcome = "refused", message = why, epoch = "" }, statusCode: StatusCodes.Status400BadRequest);

    private static IResult Refused(string why) =>
        Results.Json(new { schema = 1, outcome = "refused", message = why, epoch = "" }, statusCode: StatusCodes.Status409Conflict);
}
