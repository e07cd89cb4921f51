using Akka.Actor;
using Akka.Configuration;
using KvStore.Node.Settings;

namespace KvStore.Node;

/// <summary>
/// The store inside an actor system: an extension, one in each system. The first <see cref="Get"/> opens the node's data and starts
/// <c>/user/kv</c>; a coordinated shutdown of the system stops it in order. KvStore.Server is a host around it. Any thread.
/// <para>The system may be one of a cluster that its owner keeps for purposes of his own: who is a member there, who is unreachable,
/// and whom the owner's downing provider gives up changes nothing of who owns what in the store. That is the ring's to say.</para>
/// </summary>
public sealed class Kv : IExtension
{
    internal Kv(ActorSystem system)
    {
        var setup = system.Settings.Setup.Get<KvSetup>();
        var given = setup.HasValue ? setup.Value : new KvSetup();
        Started = KvNode.Start(system, given.Settings ?? NodeSettings.Read(system.Settings.Config), given.Startup);
    }

    /// <summary>
    /// When every replica of this node takes requests, the node; for one that joins, when it has been let in. Fails as
    /// <see cref="KvNode.Start(ActorSystem, NodeSettings, NodeStartup)"/> does, and then for good: a new start needs a new actor system.
    /// </summary>
    public Task<KvNode> Started { get; }

    /// <summary>The store of an actor system, which is started if it was not.</summary>
    /// <exception cref="SettingsException">The system's <c>kv-store</c> section does not make a node; the message lists every
    /// mistake.</exception>
    public static Kv Get(ActorSystem system) => system.WithExtension<Kv, KvProvider>();

    /// <summary>
    /// What the configuration of the actor system needs under the owner's own: every setting of the store with its default, its messages'
    /// serializers, and timers and a downing provider that suit a store. Whatever the owner sets stands.
    /// </summary>
    public static Config DefaultConfig() => ConfigurationFiles.Reference;
}

/// <summary>Makes the <see cref="Kv"/> of a system.</summary>
public sealed class KvProvider : ExtensionIdProvider<Kv>
{
    public override Kv CreateExtension(ExtendedActorSystem system) => new(system);
}
