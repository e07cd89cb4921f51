using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.BuiltIn;

/// <summary>Palette <c>uptime</c>: how long the process has been up, and what it takes.</summary>
internal sealed class UptimePalette() : CommandPaletteHandler(Commands)
{
    public static readonly CommandDefinition Show = new CommandDefinitionBuilder()
        .WithName("show").WithDescription("How long this process has been up, and what it stands on and takes.").Build();

    public static readonly CommandPalette Commands = new("uptime", [Show]);

    public override Props HandlerProps => Props.Create(() => new UptimeHandler());
}
