using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Gathers what many are asked at once; who does not answer in time is left out, or named as failed.</summary>
internal static class RegionStats
{
    public static async Task<ClusterShardingStats> OfAll(IEnumerable<IActorRef> regions, Func<IActorRef, Address> nodeOf, TimeSpan timeout)
    {
        var answers = regions.Select(r => (Node: nodeOf(r), Answer: r.Ask<ShardRegionStats>(GetShardRegionStats.Instance, timeout))).ToList();
        var stats = ImmutableDictionary.CreateBuilder<Address, ShardRegionStats>();
        foreach (var (node, answer) in answers)
        {
            if (await Or(answer, null) is { } of) stats[node] = of;
        }
        return new ClusterShardingStats(stats.ToImmutable());
    }

    public static async Task<CurrentShardRegionState> StateOf(IReadOnlyDictionary<string, IActorRef> shards, TimeSpan timeout)
    {
        var (states, failed) = await Ask(shards, timeout);
        return new CurrentShardRegionState([.. states], failed);
    }

    public static async Task<ShardRegionStats> Of(IReadOnlyDictionary<string, IActorRef> shards, TimeSpan timeout)
    {
        var (states, failed) = await Ask(shards, timeout);
        return new ShardRegionStats(states.ToImmutableDictionary(s => s.ShardId, s => s.EntityIds.Count), failed);
    }

    private static async Task<(List<ShardState> States, ImmutableHashSet<string> Failed)> Ask(
        IReadOnlyDictionary<string, IActorRef> shards, TimeSpan timeout)
    {
        var answers = shards.Select(s => (s.Key, Answer: s.Value.Ask<ShardState>(GetShardRegionState.Instance, timeout))).ToList();
        var states = new List<ShardState>();
        var failed = ImmutableHashSet.CreateBuilder<string>();
        foreach (var (shard, answer) in answers)
        {
            if (await Or(answer, null) is { } state) states.Add(state);
            else failed.Add(shard);
        }
        return (states, failed.ToImmutable());
    }

    private static async Task<T?> Or<T>(Task<T> answer, T? otherwise) where T : class
    {
        try
        {
            return await answer;
        }
        catch (AskTimeoutException)
        {
            return otherwise;
        }
    }
}
