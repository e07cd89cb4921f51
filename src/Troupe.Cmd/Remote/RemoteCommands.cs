using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.Remote;

/// <summary>Palette <c>remote</c>: this node's lines to others.</summary>
public sealed class RemoteCommands : CommandPaletteHandler
{
    internal static readonly CommandDefinition Show = new CommandDefinitionBuilder()
        .WithName("show").WithDescription("The last thing that happened to each line to or from another node.").Build();

    internal static readonly CommandDefinition Tail = new CommandDefinitionBuilder()
        .WithName("tail").WithDescription("What happens to lines from now on, until it is called off.").Build();

    internal static readonly CommandPalette Commands = new("remote", [Show, Tail]);

    public static readonly RemoteCommands Instance = new();

    public RemoteCommands() : base(Commands)
    {
    }

    public override Props HandlerProps => Props.Create(() => new RemoteHandler());

    public override void OnRegister(PetabridgeCmd plugin) => plugin.Sys.ActorOf(Props.Create(() => new LineWatcher()), LineWatcher.Name);
}
