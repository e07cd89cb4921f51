using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Petabridge.Cmd.BuiltIn;
using Petabridge.Cmd.Host;
using AkkaCluster = Akka.Cluster.Cluster;
using AkkaSharding = Akka.Cluster.Sharding.ClusterSharding;

namespace Petabridge.Cmd.Cluster.Sharding;

/// <summary>Answers palette <c>cluster-sharding</c>.</summary>
internal sealed class ClusterShardingHandler : CommandHandlerActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly AkkaSharding _sharding = AkkaSharding.Get(Context.System);

    public ClusterShardingHandler() : base(ClusterShardingCommands.Commands)
    {
        Process(ClusterShardingCommands.ListRegions.Name, _ => Sender.Say(TypeNames().Append($"Count: {TypeNames().Count} regions")));
        Process(ClusterShardingCommands.RegionStats.Name, (_, arguments) => Stats(arguments.ArgumentValues("region").Last()));
    }

    private List<string> TypeNames() => [.. _sharding.ShardTypeNames.Order(StringComparer.Ordinal)];

    private void Stats(string typeName)
    {
        if (!TypeNames().Contains(typeName))
        {
            Sender.Refuse($"This node has no region '{typeName}'. Nothing was done; 'cluster-sharding list-regions' has those that there are.");
            return;
        }
        _sharding.ShardRegion(typeName).Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience + Grace).PipeTo(
            Sender, success: stats => Lines(typeName, stats),
            failure: _ => new ErroredCommandResponse($"Region '{typeName}' did not answer in time. Nothing was changed; try again."));
    }

    /// <summary>A line for each node with the region; the coordinator is where the oldest of them is.</summary>
    private List<CommandResponse> Lines(string typeName, ClusterShardingStats stats)
    {
        var state = _cluster.State;
        var members = state.Members.Where(member => stats.Regions.ContainsKey(member.Address)).ToList();
        var oldest = members.Aggregate((Member?)null, (old, member) => old is null || member.IsOlderThan(old) ? member : old);
        return
        [
            .. members.Select(member => Line(MemberLine.Of(member, state), member == oldest, typeName, stats.Regions[member.Address])), CommandResponse.Empty,
        ];
    }

    private static CommandResponse Line(string member, bool isCoordinator, string typeName, ShardRegionStats region)
    {
        var where = $"{member} {(isCoordinator ? "[coordinator]" : "")}({typeName})";
        var failed = region.Failed.Count > 0 ? $" | no answer from {region.Failed.Count} shards" : "";
        return new CommandResponse($"{where} | shards: {region.Stats.Count} | entities: {region.Stats.Values.Sum()}{failed}", final: false);
    }
}
