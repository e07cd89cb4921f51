using KvStore.Node;
using KvStore.Server.Resp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KvStore.Server.Http;

/// <summary>
/// What a node has done since it started and what it takes, in a few figures for people; programs read <c>/metrics</c>, which has more.
/// </summary>
internal static class StatsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, KvNode node)
    {
        var connections = routes.ServiceProvider.GetRequiredService<RespConnections>();
        routes.MapGet("/v1/stats", () => Stats(node, connections));
    }

    private static IResult Stats(KvNode node, RespConnections connections)
    {
        var store = node.Disk.Store.Statistics();
        return Results.Json(new
        {
            schema = 1,
            node_id = node.Settings.Id.ToString(),
            keys = node.Keys,
            bytes = StatusEndpoints.BytesOf(store),
            tables = store.Levels.Sum(level => level.Tables),
            writes = store.Writes,
            log_syncs = store.LogSyncs,
            flushes = store.Flushes,
            compactions = store.Compactions,
            busy_answers = store.BusyAnswers,
            cache_bytes = store.BlockCacheBytes,
            cache_hits = store.BlockCacheHits,
            cache_misses = store.BlockCacheMisses,
            damage = store.Damage.Count,
            disk_full = store.DiskIsFull,
            requests = node.Requests.Started,
            remote_messages = node.Links.Messages,
            remote_items = node.Links.Items,
            redis_connections = connections.Count,
            redis_connections_ever = connections.Accepted,
            cpu_milliseconds = (long)Environment.CpuUsage.TotalTime.TotalMilliseconds,
            memory_bytes = Environment.WorkingSet,
            heap_bytes = GC.GetTotalMemory(forceFullCollection: false),
        });
    }
}
