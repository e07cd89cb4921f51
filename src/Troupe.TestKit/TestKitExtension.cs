using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Finds the <see cref="TestKitSettings"/> of a system.</summary>
public class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    private static readonly TestKitExtension Id = new();

    public static TestKitSettings For(ActorSystem system) => Id.Get(system);

    public override TestKitSettings CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config);
}
