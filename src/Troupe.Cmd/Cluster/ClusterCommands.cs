using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.Cluster;

/// <summary>Palette <c>cluster</c>: the members of the actor systems' cluster.</summary>
public sealed class ClusterCommands : CommandPaletteHandler
{
    internal static readonly CommandDefinition Show = new CommandDefinitionBuilder()
        .WithName("show").WithDescription("Every member: address, roles, status, reachability, version.")
        .WithArgument(b => b.WithName("role").WithDescription("those with this role alone").WithSwitch("-r").WithSwitch("--role"))
        .WithArgument(b => b.WithName("status").WithDescription("those of this status alone").WithSwitch("-s").WithSwitch("--status")
            .WithDefaultValues("up", "joining", "leaving", "exiting", "down", "weaklyup"))
        .Build();

    internal static readonly CommandDefinition Status = new CommandDefinitionBuilder()
        .WithName("status").WithDescription("This node as a member.").Build();

    internal static readonly CommandDefinition Leader = new CommandDefinitionBuilder()
        .WithName("leader").WithDescription("The address of the leader.").Build();

    internal static readonly CommandDefinition Join = new CommandDefinitionBuilder()
        .WithName("join").WithDescription("Have this node join the cluster of another.")
        .WithArgument(b => b.WithName("address").WithDescription("the other's address, as 'cluster status' shows it there").IsMandatory(true)
            .WithSwitch("-a").WithSwitch("--address"))
        .Build();

    internal static readonly CommandDefinition Leave = WithMember("leave", "Have a member leave in order; without an address, this node.", isMandatory: false);

    internal static readonly CommandDefinition Down = WithMember("down", "Give a member up: it is removed, whether it lives or not.", isMandatory: true);

    internal static readonly CommandDefinition DownUnreachable = new CommandDefinitionBuilder()
        .WithName("down-unreachable").WithDescription("Give every member up that cannot be reached.").Build();

    internal static readonly CommandPalette Commands = new("cluster", [Show, Status, Leader, Join, Leave, Down, DownUnreachable]);

    public static readonly ClusterCommands Instance = new();

    internal ClusterCommands() : base(Commands)
    {
    }

    public override Props HandlerProps => Props.Create(() => new ClusterHandler());

    private static CommandDefinition WithMember(string name, string description, bool isMandatory) => new CommandDefinitionBuilder()
        .WithName(name).WithDescription(description)
        .WithArgument(b => b.WithName("address").WithDescription("the member's address, as 'cluster show' has it").IsMandatory(isMandatory)
            .WithSwitch("-a").WithSwitch("--address"))
        .Build();
}
