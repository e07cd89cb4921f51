using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>What a host serves: a palette, and the actor that answers its commands, one for each client that uses it.</summary>
public abstract class CommandPaletteHandler
{
    protected CommandPaletteHandler(CommandPalette palette) => Palette = palette;

    public abstract Props HandlerProps { get; }

    public CommandPalette Palette { get; }

    /// <summary>Called once, when a host takes the palette; the place to start what all clients share.</summary>
    public virtual void OnRegister(PetabridgeCmd plugin)
    {
    }
}
