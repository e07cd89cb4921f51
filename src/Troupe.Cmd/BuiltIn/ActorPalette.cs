using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Palette <c>actor</c>: what actors there are.</summary>
internal sealed class ActorPalette() : CommandPaletteHandler(Commands)
{
    public static readonly CommandDefinition Hierarchy = new CommandDefinitionBuilder()
        .WithName("hierarchy").WithDescription("The actors under a path, indented by who supervises whom.")
        .WithArgument(b => b.WithName("start").WithDescription("where to begin").WithSwitch("-s").WithSwitch("--start")
            .WithDefaultValue("/user").WithDefaultValues("/user", "/system"))
        .WithArgument(b => b.WithName("depth").WithDescription("how many levels").WithSwitch("-d").WithSwitch("--depth").WithDefaultValue("4"))
        .Build();

    public static readonly CommandDefinition SystemName = new CommandDefinitionBuilder()
        .WithName("system").WithDescription("The name of the actor system.").Build();

    public static readonly CommandPalette Commands = new("actor", [Hierarchy, SystemName]);

    public override Props HandlerProps => Props.Create(() => new ActorHandler());
}
