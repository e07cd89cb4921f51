using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>Makes the <see cref="PetabridgeCmd"/> of a system.</summary>
internal sealed class PetabridgeCmdProvider : ExtensionIdProvider<PetabridgeCmd>
{
    public override PetabridgeCmd CreateExtension(ExtendedActorSystem system) => new(system);
}
