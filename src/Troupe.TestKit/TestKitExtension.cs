using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Finds the <see cref="TestKitSettings"/> of a system.</summary>
public class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    public static TestKitSettings For(ActorSystem system) =>
        system.WithExtension<TestKitSettings, TestKitExtension>();

    public override TestKitSettings CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config);
}
