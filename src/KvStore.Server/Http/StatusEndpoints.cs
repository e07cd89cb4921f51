using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Core.Placement;
using KvStore.Node;
using KvStore.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KvStore.Server.Http;

/// <summary>What operators and their probes ask a node over HTTP.</summary>
internal static class StatusEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, KvNode node, Address address)
    {
        // The doors open when the node serves, so whoever gets an answer at all has found it ready.
        routes.MapGet("/health/live", () => "ok");
        routes.MapGet("/health/ready", () => "ok");
        HealingEndpoints.Map(routes, node);
        KeyEndpoints.Map(routes, node);
        StatsEndpoints.Map(routes, node);
        routes.MapGet("/v1/status", () => Status(node, address));
    }

    internal static IResult Status(KvNode node, Address address) => Results.Json(new
    {
        schema = 1,
        node_id = node.Settings.Id.ToString(),
        cluster = node.Ring.Cluster.ToString(),
        address = address.ToString(),
        runtime = NodeHost.ActorRuntime,
        version = NodeHost.Version,
        ring_epoch = node.Ring.Epoch.ToString(),
        partitions = node.PartitionCount,
        start = node.Disk.Data.StartNumber,
        keys = node.Keys,
        bytes = BytesOf(node.Disk.Store.Statistics()),
        sync = node.Disk.Settings.Sync.ToString().ToLowerInvariant(),
        quorum = NumbersOf(node.Ring),
        members = node.Ring.Members.Select(member => new
        {
            node_id = member.Id.ToString(),
            address = member.Address,
            rack = member.Rack,
            reachable = node.Reachability.IsReachable(member.Id),
        }),
    });

    /// <summary>Those of the default bucket.</summary>
    private static object NumbersOf(Ring ring)
    {
        var quorum = ring.Buckets.Find(BucketName.Default)!.Quorum;
        return new { n = quorum.N, r = quorum.R, w = quorum.W };
    }

    /// <summary>What a node's data takes in tables and in memory that will be tables.</summary>
    internal static long BytesOf(StoreStatistics statistics) => statistics.Levels.Sum(level => level.Bytes) + statistics.MemtableBytes;
}
