using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.Cluster.Sharding;

/// <summary>Palette <c>cluster-sharding</c>: shard regions, and what is in them.</summary>
public sealed class ClusterShardingCommands : CommandPaletteHandler
{
    internal static readonly CommandDefinition ListRegions = new CommandDefinitionBuilder()
        .WithName("list-regions").WithDescription("The types of entity that this node has a shard region for.").Build();

    internal static readonly CommandDefinition RegionStats = new CommandDefinitionBuilder()
        .WithName("region-stats").WithDescription("How many shards and entities of a type each node has.")
        .WithArgument(b => b.WithName("region").WithDescription("the type, as 'cluster-sharding list-regions' has it").IsMandatory(true)
            .WithSwitch("-r").WithSwitch("--region"))
        .Build();

    internal static readonly CommandPalette Commands = new("cluster-sharding", [ListRegions, RegionStats]);

    public static readonly ClusterShardingCommands Instance = new();

    internal ClusterShardingCommands() : base(Commands)
    {
    }

    public override Props HandlerProps => Props.Create(() => new ClusterShardingHandler());
}
