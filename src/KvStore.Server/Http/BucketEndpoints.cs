using KvStore.Core.Buckets;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Node.Membership;
using KvStore.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KvStore.Server.Http;

/// <summary>
/// The buckets over HTTP: listed, created or changed, dropped. A change is an epoch of the ring, answered as the ring's changes are
/// (<see cref="RingEndpoints"/>); what is no request at all is answered 400, and nothing was changed.
/// </summary>
internal static class BucketEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, KvNode node)
    {
        routes.MapGet("/v1/buckets", () => List(node.Ring));
        routes.MapPut("/v1/buckets/{name}", (string name, HttpRequest request) => Change(node, BucketRequest.Put(
            name, request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), node.Ring)));
        routes.MapDelete("/v1/buckets/{name}", (string name) => Change(node, BucketRequest.Of(name, bucket => new BucketChange.Drop(bucket))));
    }

    internal static IResult List(Ring ring) => Results.Json(new
    {
        schema = 1,
        epoch = ring.Epoch.ToString(),
        buckets = ring.Buckets.Definitions.Select(bucket => new
        {
            name = bucket.Name.Value,
            policy = BucketRequest.NameOf(bucket.Policy),
            created = bucket.CreatedAt.ToString(),
            n = bucket.Quorum.N,
            r = bucket.Quorum.R,
            w = bucket.Quorum.W,
            pr = bucket.Quorum.PR,
            pw = bucket.Quorum.PW,
            dw = bucket.Quorum.DW,
            sloppy = bucket.Quorum.Sloppy,
            ttl_seconds = bucket.DefaultTtl?.TotalSeconds,
        }),
        dropped = ring.Buckets.Dropped.Select(bucket => new
        {
            name = bucket.Name.Value,
            created = bucket.CreatedAt.ToString(),
            dropped = bucket.DroppedAt.ToString(),
        }),
    });

    private static async Task<IResult> Change(KvNode node, Outcome<BucketChange> asked) => asked.TryGet(out var change, out var problem)
        ? await RingEndpoints.Do(node, new RingCommands.ChangeBucket(change))
        : RingEndpoints.Malformed(problem.Text);
}
