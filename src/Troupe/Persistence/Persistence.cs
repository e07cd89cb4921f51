using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>Finds the persistence of an actor system: <c>Persistence.Instance.Apply(system)</c>.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    public static Persistence Instance { get; } = new();

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);

    /// <summary>Every setting with its default.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource("persistence.conf", typeof(Persistence).Assembly);
}
