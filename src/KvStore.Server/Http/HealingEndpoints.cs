using Akka.Actor;
using KvStore.Node;
using KvStore.Node.AntiEntropy;
using KvStore.Node.Hints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KvStore.Server.Http;

/// <summary>How far a node is with bringing replicas together: hints that wait, partitions compared, deleted keys to be forgotten.</summary>
internal static class HealingEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, KvNode node)
    {
        routes.MapGet("/v1/hints", () => Hints(node));
        routes.MapGet("/v1/anti-entropy", () => AntiEntropy(node));
        routes.MapPost("/v1/repair", () => Repair(node));
        routes.MapGet("/v1/links", () => Links(node));
    }

    internal static async Task<IResult> Hints(KvNode node) =>
        Shown(await node.Hints.Ask<HintStatus>(HintActor.GetStatus.Instance, node.Settings.Timeouts.Request));

    internal static async Task<IResult> AntiEntropy(KvNode node) =>
        Shown(await node.AntiEntropy.Ask<AntiEntropyStatus>(AntiEntropyActor.GetStatus.Instance, node.Settings.Timeouts.Request));

    internal static async Task<IResult> Repair(KvNode node) =>
        Shown(await node.AntiEntropy.Ask<AntiEntropyActor.RepairBegun>(AntiEntropyActor.Repair.Instance, node.Settings.Timeouts.Request));

    internal static IResult Links(KvNode node) => Results.Json(new
    {
        schema = 1,
        messages = node.Links.Messages,
        items = node.Links.Items,
        expired = node.Links.Expired,
        refused = node.Links.Refused,
        lost = node.Links.Lost,
    });

    private static IResult Shown(HintStatus status) => Results.Json(new
    {
        schema = 1,
        hints = status.Hints,
        bytes = status.Bytes,
        delivered = status.Delivered,
        given_up = status.GivenUp,
        taking_rate = status.TakingRate,
        owners = status.Owners.Select(owner => new { node_id = owner.Owner.ToString(), hints = owner.Hints }),
    });

    private static IResult Shown(AntiEntropyStatus status) => Results.Json(new
    {
        schema = 1,
        pairs = status.Pairs,
        equal = status.Equal,
        differing = status.Differing,
        failing = status.Failing,
        done = status.Done,
        failed = status.Failed,
        keys_sent = status.KeysSent,
        keys_received = status.KeysReceived,
        tombstones = status.Tombstones,
        reaped = status.Reaped,
    });

    private static IResult Shown(AntiEntropyActor.RepairBegun begun) => Results.Json(new { schema = 1, pairs = begun.Pairs });
}
