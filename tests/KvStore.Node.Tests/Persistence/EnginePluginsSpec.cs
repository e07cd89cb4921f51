using ActorRuntime.Specs.Persistence.Plugins;
using Akka.Actor;
using KvStore.Core.Identity;
using KvStore.Node.Disk;
using KvStore.Node.Persistence;
using KvStore.Node.Settings;
using KvStore.Storage.Vfs;

namespace KvStore.Node.Tests.Persistence;

public sealed class EngineJournalSpec() : JournalPluginSpec(OpenDisk.Configuration)
{
    protected override bool KeepsBytes => true;
}

public sealed class EngineSnapshotStoreSpec() : SnapshotStorePluginSpec(OpenDisk.Configuration)
{
    protected override bool KeepsBytes => true;
}

/// <summary>Opens a node's data in memory when the actor system starts, as a node does before any of its actors.</summary>
public sealed class OpenDisk : ExtensionIdProvider<OpenDisk.Opened>
{
    public static string Configuration { get; } = $$"""
        akka.extensions = ["{{typeof(OpenDisk).FullName}}, KvStore.Node.Tests"]
        akka.actor.provider = local
        akka.persistence.journal { plugin = "akka.persistence.journal.kv", kv.class = "{{typeof(EngineJournal).FullName}}, KvStore.Node" }
        akka.persistence.snapshot-store {
          plugin = "akka.persistence.snapshot-store.kv"
          kv.class = "{{typeof(EngineSnapshotStore).FullName}}, KvStore.Node"
        }
        """;

    public override Opened CreateExtension(ExtendedActorSystem system)
    {
        var settings = NodeSettings.Read(TestNodes.ConfigOf(TestNodes.Alone));
        NodeDisk.Get(system).Open(settings, new NodeStartup(new NodeId(1, 1)) { FileSystem = new MemoryFileSystem() });
        return new Opened();
    }

    public sealed class Opened : IExtension;
}
