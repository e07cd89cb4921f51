using Akka.Actor;
using KvStore.Node;
using Petabridge.Cmd.Host;

namespace KvStore.Server.Palettes;

/// <summary>Serves palette <c>kv</c> for a node.</summary>
internal sealed class KvPalette(KvNode node, Address address) : CommandPaletteHandler(KvCommands.Palette)
{
    public override Props HandlerProps => Props.Create(() => new KvHandler(node, address));
}
